// A page whose program did not come whole, as when a phone changes networks meanwhile, does nothing.
// It is loaded again: once by itself, then when the network is back or whoever reads it says so.

addEventListener("error", listen, true); // what could not be loaded tells nobody further up

function listen({ target }) {
  if (target.type !== "module") {
    return;
  }
  const [{ type }] = performance.getEntriesByType("navigation");
  if (type !== "reload") {
    setTimeout(() => location.reload(), 1000);
    return;
  }
  const sentences = document.getElementById("sentences").content;
  document.getElementById("connection").textContent =
    sentences.querySelector("[data-name=broken]").textContent;
  addEventListener("online", () => location.reload());
}
