import pytest

from beanjar.lab.scenario import BadScenario, find_scenario, list_scenarios, read_scenario

LEAST = 'about = "Two nodes."\nnodes = 2\nseconds = 5\n'


def test_a_scenario_needs_little() -> None:
    scenario = read_scenario(LEAST, "least.toml")
    assert (scenario.nodes, scenario.faults, scenario.questions) == (2, (), ())


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ("weather = 1", "weather"),
        ("[network]\nlatencies = [1, 2]", "latencies"),
        ('[[faults]]\nkind = "parting"\nat = 1\nuntil = 2\nshares = 0.5', "shares"),
        ('[[faults]]\nkind = "meteor"\nat = 1', "meteor"),
        ("[[questions]]\nat = 1\ncloses = 4\nwitnesses = 5", "witnesses"),
        ("[network]\nloss = 1.5", "loss"),
        ('seed = "one"', "seed"),
    ],
)
def test_what_a_scenario_cannot_say_is_named(more: str, key: str) -> None:
    with pytest.raises(BadScenario, match=key):
        read_scenario(f"{LEAST}{more}\n", "bad.toml")


@pytest.mark.parametrize("more", ["folds = false", ""])
def test_a_question_needs_nodes_that_witness_it(more: str) -> None:
    with pytest.raises(BadScenario, match="4 witnesses"):
        read_scenario(f"{LEAST}{more}\n[[questions]]\nat = 1\ncloses = 4\n", "bad.toml")


def test_more_witnesses_than_may_cannot_lie() -> None:
    four = LEAST.replace("nodes = 2", "nodes = 9")
    with pytest.raises(BadScenario, match="2 of 4"):
        read_scenario(f"{four}[[questions]]\nat = 1\ncloses = 4\nlying = 2\n", "bad.toml")


def test_an_unknown_name_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(BadScenario, match="churn"):
        find_scenario("nonesuch")
    assert "churn" in list_scenarios()
