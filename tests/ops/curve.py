"""The points of edwards25519 (RFC 8032, section 5.1), slowly and without secrets."""

from itertools import product

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME
SQRT_MINUS_1 = pow(2, (PRIME - 1) // 4, PRIME)

Point = tuple[int, int]
Fraction = tuple[int, int, int]
"""A point's x and y, and by what both are to be divided."""
NEUTRAL: Point = (0, 1)


def root(square: int) -> int | None:
    """Return a square root, if there is one."""
    guess = pow(square, (PRIME + 3) // 8, PRIME)
    for candidate in (guess, guess * SQRT_MINUS_1 % PRIME):
        if candidate * candidate % PRIME == square % PRIME:
            return candidate
    return None


def add(one: Point, other: Point) -> Point:
    """Return the sum of two points."""
    return _divide(_add((*one, 1), (*other, 1)))


def times(factor: int, point: Point) -> Point:
    """Return a multiple of a point."""
    total, once = (*NEUTRAL, 1), (*point, 1)
    for bit in f"{factor:b}":
        total = _add(total, total)
        total = _add(total, once) if bit == "1" else total
    return _divide(total)


def _add(one: Fraction, other: Fraction) -> Fraction:
    """Return a sum without dividing, which takes a hundred times as long as all the rest.

    Bernstein, Birkner, Joye, Lange and Peters, "Twisted Edwards Curves" (2008), section 6.
    """
    (x1, y1, z1), (x2, y2, z2) = one, other
    z = z1 * z2 % PRIME
    both = D * x1 * x2 * y1 * y2 % PRIME
    less, more = z * z - both, z * z + both
    x = z * less * (x1 * y2 + y1 * x2)
    y = z * more * (y1 * y2 + x1 * x2)
    return x % PRIME, y % PRIME, less * more % PRIME


def _divide(point: Fraction) -> Point:
    x, y, z = point
    under = pow(z, -1, PRIME)
    return x * under % PRIME, y * under % PRIME


def encode(point: Point) -> bytes:
    """Return the one canonical encoding: y, and the lowest bit of x on top."""
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def points_at(y: int) -> list[Point]:
    """Return the points with this y: two, one or none."""
    x = root((y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME)
    return [] if x is None else sorted({(x, y % PRIME), (-x % PRIME, y % PRIME)})


def torsion() -> list[Point]:
    """Return the eight points whose order divides 8.

    Doubling a point of order 8 gives one with y = 0, so x^2 = -y^2 there, and with the equation of
    the curve, -x^2 + y^2 = 1 + d x^2 y^2, that is d y^4 + 2 y^2 - 1 = 0.
    """
    under = root(1 + D)
    assert under is not None
    squares = [(-1 + sign * under) * pow(D, -1, PRIME) % PRIME for sign in (1, -1)]
    eighths = [y for square in squares if (y := root(square)) is not None]
    ys = [0, 1, -1, *(sign * y for sign, y in product((1, -1), eighths))]
    return [point for y in ys for point in points_at(y % PRIME)]
