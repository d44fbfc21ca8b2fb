// Work that is done by one at a time, and done again for whoever asked for it meanwhile.

/** A function that has `work` done, from after it was called on, and waits until it is. */
export function inTurns(work) {
  let running = null;
  let again = false;
  async function run() {
    try {
      while (again) {
        again = false; // who asks from now on may ask for what comes too late to be seen
        await work();
      }
    } finally {
      running = null;
    }
  }
  return async () => {
    again = true;
    running ??= run();
    await running;
  };
}
