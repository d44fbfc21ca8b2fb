// Lets what would move a page wait while a finger or a button is down: what moves then is not hit.

const ENDS = ["pointerup", "pointercancel", "contextmenu"];

let lifted = Promise.resolve();
let lift = () => {};

addEventListener(
  "pointerdown",
  ({ button }) => {
    if (button === 0) {
      lift();
      lifted = new Promise((resolve) => {
        lift = resolve;
      });
    }
  },
  true,
);
for (const end of ENDS) {
  addEventListener(end, () => setTimeout(lift), true); // the click comes first
}

/** Wait until nothing is pressed. */
export async function whenLifted() {
  await lifted;
}
