import polars as pl
import pytest

from kokuho.sample.chance import SHARES, child_states, draw, happens, states, word

MASK = 2**64 - 1
NUMBERS = pl.DataFrame({"number": pl.Series(range(1, 40_001), dtype=pl.UInt64)})


def mixed(z: int) -> int:
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def test_states_are_those_of_splitmix64_in_plain_integers():
    made = NUMBERS.head(500).select(states(pl.col("number"), 7, "992011")).to_series()
    key = word("7/992011")
    assert made.to_list() == [mixed(n * 0x9E3779B97F4A7C15 + key & MASK) for n in range(1, 501)]


def test_splitmix64_gives_its_published_first_numbers():
    # The sequence of the reference implementation (prng.di.unimi.it) from seed 1234567.
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    seed = 1234567
    assert [mixed(seed + n * 0x9E3779B97F4A7C15 & MASK) for n in (1, 2, 3)] == published


def test_a_draw_is_the_upper_half_scaled_to_the_bound():
    frame = NUMBERS.head(300).with_columns(state=states(pl.col("number"), 1, "x"))
    made = frame.select("state", drawn=draw(pl.col("state"), "anything", 365))
    for state, drawn in made.rows():
        assert drawn == (mixed(state + word("anything") & MASK) >> 32) * 365 >> 32


def test_members_of_a_household_have_states_of_their_own():
    frame = NUMBERS.with_columns(state=states(pl.col("number"), 1, "x"))
    children = [child_states(pl.col("state"), pl.lit(n)).alias(str(n)) for n in range(3)]
    made = frame.select("state", *children)
    seen = pl.concat([made[column] for column in made.columns])
    assert seen.n_unique() == 4 * NUMBERS.height


@pytest.mark.parametrize("share", [0, 30, 5000, 9990, SHARES])
def test_what_happens_to_a_share_happens_to_about_that_share(share):
    state = states(pl.col("number"), 3, "x")
    count = NUMBERS.select(happens(state, "event", share)).to_series().sum()
    expected = NUMBERS.height * share / SHARES
    assert abs(count - expected) <= 5 * (expected * (1 - share / SHARES)) ** 0.5


def test_purposes_do_not_follow_each_other():
    state = states(pl.col("number"), 3, "x")
    one, other = happens(state, "one", 5000), happens(state, "other", 5000)
    both = NUMBERS.select(one & other).to_series().sum()
    assert abs(both - NUMBERS.height / 4) < 500
