"""Linear programmes, solved by HiGHS (highs.dev)."""

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bounds = tuple[Floats, Floats]
"""Lower and upper bounds, of equal shape."""


@dataclass(frozen=True)
class Solution:
    """The best values of all variables, and what each row is worth (its dual)."""

    values: Floats
    duals: Floats


def maximize(
    gains: Floats, columns: Bounds, table: Floats, rows: Bounds, *, whole: bool = False
) -> Solution | None:
    """Maximize gains @ x with x within `columns` and table @ x within `rows`.

    Shapes: gains (n,), table (m, n). With `whole` all variables are whole numbers, and there are no
    duals. Returns None where nothing fits.
    """
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", 1)
    for gap in ("mip_rel_gap", "mip_abs_gap"):
        solver.setOptionValue(gap, 0.0)  # the best, and not one nearly as good
    solver.passModel(_write(gains, columns, table, rows, whole=whole))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    found = solver.getSolution()
    return Solution(np.array(found.col_value), np.array(found.row_dual))


def _write(
    gains: Floats, columns: Bounds, table: Floats, rows: Bounds, *, whole: bool
) -> highspy.HighsLp:
    height, width = table.shape
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = width, height
    programme.sense_ = highspy.ObjSense.kMaximize
    programme.col_cost_ = gains
    programme.col_lower_, programme.col_upper_ = columns
    programme.row_lower_, programme.row_upper_ = rows
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.arange(height + 1) * width
    programme.a_matrix_.index_ = np.tile(np.arange(width), height)
    programme.a_matrix_.value_ = table.ravel()
    if whole:
        programme.integrality_ = [highspy.HighsVarType.kInteger] * width
    return programme
