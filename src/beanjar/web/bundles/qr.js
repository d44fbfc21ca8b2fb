// Squares to point a camera at, apart from the rest: few pages need them.

export { renderSVG } from "uqr";
