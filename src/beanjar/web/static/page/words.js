// The sentences of this page, in its language. No module has words of its own: they stand in the
// page's <template id="sentences">, each under its name, with {places} to fill in.

const found = document.getElementById("sentences")?.content.children ?? [];
const sentences = new Map(Array.from(found, (each) => [each.dataset.name, each.textContent.trim()]));

/** The sentence of this name with its places filled; where there is none, `otherwise`. */
export function words(name, places = {}, otherwise = "") {
  const sentence = sentences.get(name) ?? otherwise;
  return sentence.replace(/\{(\w+)\}/g, (whole, place) => places[place] ?? whole);
}

/** What to say of an error: the sentence for its kind, or its own. */
export function explain(error) {
  return words(error.constructor.name, { message: error.message }, error.message);
}
