// A secret in n shares of which any k give it back, byte by byte over GF(256) with 0x11b.

const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
  EXP[exponent] = EXP[exponent + 255] = value;
  LOG[value] = exponent;
  value ^= value << 1; // times three, which generates the field
  if (value > 255) {
    value ^= 0x11b;
  }
}

function times(one, other) {
  return one && other ? EXP[LOG[one] + LOG[other]] : 0;
}

/** The n shares of a secret; `coefficients` are those of x, x squared and so on, k - 1 of them. */
export function split(secret, n, coefficients) {
  const falling = [...coefficients].reverse();
  return Array.from({ length: n }, (_, i) => {
    const evaluate = (first, byte) =>
      times(
        falling.reduce((sum, term) => times(sum, i + 1) ^ term[byte], 0),
        i + 1,
      ) ^ first;
    return secret.map(evaluate);
  });
}
