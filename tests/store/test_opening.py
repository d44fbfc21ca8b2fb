import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from beanjar.base.ids import ZERO
from beanjar.ops.log import head_of
from beanjar.store import Store, schema
from tests.store.signed import NOON, SPACE, device, write_log


def test_the_migrations_make_the_tables_that_the_schema_describes(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/migrated.sqlite3")
    schema.version.create(engine)  # of no version, so all migrations are still to be made
    engine.dispose()
    for name in ("migrated", "new"):
        Store.open(tmp_path / f"{name}.sqlite3").close()
    assert tables(tmp_path / "migrated.sqlite3") == tables(tmp_path / "new.sqlite3")


def tables(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        made = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        return {name: " ".join(sql.split()) for name, sql in connection.execute(made)}


def test_the_newest_migration_is_the_version_that_the_schema_names() -> None:
    folder = Path(schema.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [schema.VERSION]


def test_a_store_of_the_first_version_is_brought_up_to_date_with_all_it_holds(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as old:
        old.executescript(Path(__file__).with_name("v0001.sql").read_text())
    ada = write_log(device(1), 5, until=lambda seq: NOON + seq if seq == 3 else 0)
    garden = write_log(device(2), 3, ZERO)
    store = Store.open(path)
    kept = [ada[0], *(each.without_body() for each in ada[1:])]
    assert store.spaces() == [SPACE, garden[0].id]
    assert store.read_log(SPACE, ada[0].key) == kept
    assert store.read_log(garden[0].id, garden[0].key) == garden
    assert [each for _, each in store.scan(SPACE)] == kept
    assert [proof.key for proof in store.forks(SPACE)] == [device(3).public]
    assert store.private("device") == b"secret"
    # That version did not say which bodies were erased, so all are wanted that did not expire.
    assert [arrival for arrival, _ in store.wanted(SPACE, NOON + 3)] == [2, 6, 8]
    more = write_log(device(1), 2, head=head_of(ada[-1]))
    with store.writing() as writer:
        assert writer.take_due(NOON) == [(SPACE, b"a run")]
        assert writer.keep_alone(write_log(device(3), 2)[1])
        writer.append(more)
    assert store.read_log(SPACE, ada[0].key) == kept + more
    store.close()
    Store.open(path.with_name("new.sqlite3")).close()
    assert tables(path) == tables(path.with_name("new.sqlite3"))


def test_a_store_that_is_current_or_new_opens_without_loading_what_migrates(path: Path) -> None:
    opened = f"Store.open({str(path)!r}).close(); "
    program = (
        f"import sys; from beanjar.store import Store; {opened * 2}print('alembic' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert said.stdout == b"False\n"


def test_a_store_has_a_path_of_any_spelling(tmp_path: Path) -> None:
    for name in ("a b.sqlite3", "100%.sqlite3", "crédo?x=1.sqlite3", "#1.sqlite3"):
        Store.open(tmp_path / name).close()
        assert (tmp_path / name).is_file()
