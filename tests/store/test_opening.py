import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from beanjar.store import Store, schema


def test_the_migrations_make_the_tables_that_the_schema_describes(tmp_path: Path) -> None:
    Store.open(tmp_path / "migrated.sqlite3").close()
    engine = create_engine(f"sqlite:///{tmp_path}/described.sqlite3")
    schema.metadata.create_all(engine)
    engine.dispose()
    migrated = tables(tmp_path / "migrated.sqlite3")
    del migrated[schema.VERSION_TABLE]
    assert migrated == tables(tmp_path / "described.sqlite3")


def tables(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        made = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        return {name: " ".join(sql.split()) for name, sql in connection.execute(made)}


def test_the_newest_migration_is_the_version_that_the_schema_names() -> None:
    folder = Path(schema.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [schema.VERSION]


def test_a_store_that_is_current_opens_without_loading_what_migrates(path: Path) -> None:
    Store.open(path).close()
    program = (
        "import sys; from beanjar.store import Store; "
        f"Store.open({str(path)!r}).close(); print('alembic' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert said.stdout == b"False\n"


def test_a_store_has_a_path_of_any_spelling(tmp_path: Path) -> None:
    for name in ("a b.sqlite3", "100%.sqlite3", "crédo?x=1.sqlite3", "#1.sqlite3"):
        Store.open(tmp_path / name).close()
        assert (tmp_path / name).is_file()
