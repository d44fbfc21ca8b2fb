"""Maps votes with `red-dwarf`: reads them as JSON, and tells how long it took and what it found.

It runs in an environment of its own, see `bench/opinions.py`, and so takes nothing from Beanjar.
"""

import json
import sys
import time

from reddwarf.implementations.polis import run_pipeline  # type: ignore[import-not-found]

told = json.load(sys.stdin)
votes = [
    {"participant_id": person, "statement_id": statement, "vote": sign}
    for person, statement, sign in told["votes"]
]
times, maps = [], []
for _ in range(told["rounds"]):
    start = time.perf_counter()
    maps.append(run_pipeline(votes=votes, mod_out_statement_ids=told["hidden"], random_state=1))
    times.append(time.perf_counter() - start)
found = maps[-1]
statements = found.statements_df
print(
    json.dumps(
        {
            "seconds": min(times),
            "statements": [int(each) for each in statements.index],
            "axes": [statements[name].tolist() for name in ("pc1", "pc2")],
            "agreed": {each["tid"]: each["p-success"] for each in found.consensus["agree"]},
            "groups": found.participants_df["cluster_id"].dropna().value_counts().tolist(),
        }
    )
)
