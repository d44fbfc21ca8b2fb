// A person key as 24 words that one can write on paper (BIP 39, English list).

import { entropyToMnemonic, mnemonicToEntropy, wordlist } from "../vendor/words.js";

/** Thrown for words that are not somebody's 24 words. */
export class WrongWords extends Error {}

export function spell(seed) {
  return entropyToMnemonic(seed, wordlist);
}

/** The 32 secret bytes for which the words stand; spaces and capitals do not matter. */
export function unspell(words) {
  const said = words.toLowerCase().split(/\s+/).filter(Boolean);
  const wrong = said.findIndex((word) => !wordlist.includes(word));
  if (wrong >= 0) {
    throw new WrongWords(`Word ${wrong + 1}, “${said[wrong]}”, is not on the list. Look for a slip.`);
  }
  if (said.length !== 24) {
    throw new WrongWords(`There are 24 words; these are ${said.length}.`);
  }
  try {
    return mnemonicToEntropy(said.join(" "), wordlist);
  } catch {
    throw new WrongWords("These words do not belong together: two may be swapped, or one is wrong.");
  }
}
