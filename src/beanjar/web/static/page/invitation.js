// The link that lets others into this page's space, and its square, made once they are asked for.

/** Make them when the part of the page that shows them is opened. */
export function offerInvitation() {
  document.querySelector("[data-invite]")?.addEventListener("toggle", show, { once: true });
}

async function show({ target: part }) {
  if (part.dataset.made) {
    return; // one invitation will do
  }
  part.dataset.made = "yes";
  const { draw, link } = await import("./inviting.js");
  const square = part.querySelector("[data-square]");
  const { space } = document.body.dataset;
  const address = await link(space, part.dataset.invite || location.origin, part.dataset);
  part.querySelector("input").value = address;
  square.replaceChildren(await draw(address, square.dataset.square));
}
