"""The PJM score and the index K tell a good response from a late, a weak and an absent one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from juli.core.errors import InputError
from juli.power.chemistry import LithiumIronPhosphate, NickelHydrogen, State
from juli.power.services.performance import IndexRules, performance_index, pjm_credit, pjm_score
from juli.power.services.regulation import Regulation
from juli.power.services.response import expected_regulation, illustrative_signal, measure_signal, respond

SIGNAL = illustrative_signal(1.2, seed=1)


def late(seconds: int) -> np.ndarray:
    return np.concatenate((np.zeros(seconds // 2), SIGNAL))[: len(SIGNAL)]


class TestPjmScore:
    def test_a_perfect_response_scores_one(self):
        score = pjm_score(SIGNAL, SIGNAL, 1.0, 2)
        assert (score.correlation, score.delay, score.precision) == pytest.approx((1, 1, 1))

    def test_a_minute_late_loses_a_fifth_of_the_delay_part(self):
        score = pjm_score(SIGNAL, late(60), 1.0, 2)
        assert score.correlation == pytest.approx(1)
        assert score.delay == pytest.approx(1 - 60 / 300)
        assert score.precision < 0.7

    def test_five_minutes_late_loses_all_of_it(self):
        assert pjm_score(SIGNAL, late(300), 1.0, 2).delay == pytest.approx(0)

    def test_half_the_response_is_half_precise_but_fully_correlated(self):
        score = pjm_score(SIGNAL, SIGNAL / 2, 1.0, 2)
        assert (score.correlation, score.delay, score.precision) == pytest.approx((1, 1, 0.5))

    def test_no_response_scores_nothing_and_the_opposite_no_precision(self):
        assert pjm_score(SIGNAL, np.zeros_like(SIGNAL), 1.0, 2).score == pytest.approx(0)
        assert pjm_score(SIGNAL, -SIGNAL, 1.0, 2).precision == 0

    def test_a_near_constant_request_is_judged_by_slopes(self):
        flat, rising = np.full(1800, 0.4), 0.4 + np.linspace(0, 3.0, 1800)
        assert pjm_score(flat, flat, 1.0, 2).score == pytest.approx(1)
        assert pjm_score(flat, rising, 1.0, 2).correlation == pytest.approx(1 - 3.0 / 12, abs=0.01)

    @given(st.floats(0.5, 200), st.integers(1, 400))
    def test_the_score_lies_between_nothing_and_one_and_knows_no_unit(self, scale, seed):
        answer = illustrative_signal(1.2, seed=seed)
        score = pjm_score(SIGNAL, answer, 1.0, 2)
        for part in (score.correlation, score.delay, score.precision):
            assert 0 <= part <= 1
        scaled = pjm_score(scale * SIGNAL, scale * answer, scale, 2)
        assert scaled.score == pytest.approx(score.score, abs=1e-6)

    def test_a_score_needs_an_hour_of_samples_that_divide_ten_seconds(self):
        with pytest.raises(InputError, match="give a whole hour"):
            pjm_score(SIGNAL[:1000], SIGNAL[:1000], 1.0, 2)
        with pytest.raises(InputError, match="samples of 4 s do not divide 10 s"):
            pjm_score(SIGNAL, SIGNAL, 1.0, 4)

    def test_credit_by_hand(self):
        assert pjm_credit(2.0, 0.9, 30.0, 4.0, 2.5) == pytest.approx(2 * 0.9 * 40)
        assert pjm_credit(2.0, 0.2, 30.0, 4.0, 2.5) == 0


class TestIndexK:
    COMMAND = np.repeat([0.0, 100, -50, 20], 60)

    def test_an_ideal_response_has_the_highest_index(self):
        index = performance_index(self.COMMAND, self.COMMAND, 100, 2)
        assert index.commands == 3
        assert index.response_time == pytest.approx(2)
        assert index.precision == pytest.approx(2)
        assert index.rate == pytest.approx(2, abs=0.01)
        assert index.of_two == pytest.approx(index.rate * index.precision)
        assert index.of_three == pytest.approx(index.of_two * index.response_time)

    def test_a_slow_unit_loses_rate_a_late_one_response_time_an_inexact_one_precision(self):
        ideal = performance_index(self.COMMAND, self.COMMAND, 100, 2)
        slow = self.COMMAND.copy()
        for place in range(1, len(slow)):
            slow[place] = slow[place - 1] + np.clip(self.COMMAND[place] - slow[place - 1], -5, 5)
        tardy = np.concatenate((np.zeros(10), self.COMMAND))[: len(self.COMMAND)]
        inexact = self.COMMAND * 0.99
        assert performance_index(self.COMMAND, slow, 100, 2).rate < ideal.rate
        assert performance_index(self.COMMAND, tardy, 100, 2).response_time == pytest.approx(2 - 20 / 60)
        assert performance_index(self.COMMAND, inexact, 100, 2).precision < ideal.precision

    def test_a_dead_unit_has_the_lowest_index(self):
        index = performance_index(self.COMMAND, np.zeros_like(self.COMMAND), 100, 2)
        assert (index.rate, index.precision, index.response_time) == pytest.approx((0.1, 0.1, 0.1))

    def test_a_rate_by_hand(self):
        command = np.array([0.0] * 2 + [100.0] * 40)
        response = np.array([0.0] * 2 + list(np.linspace(10, 100, 10)) + [100.0] * 30)
        rules = IndexRules(standard_rate_per_minute=1.0, dead_band_share=0.05)
        # It moves and arrives in ten samples of 6 s: 1 a minute, the standard.
        assert performance_index(command, response, 100, 6, rules).rate == pytest.approx(1.0)

    def test_a_constant_command_has_no_index(self):
        with pytest.raises(InputError, match="give step commands"):
            performance_index(np.zeros(9), np.zeros(9), 100, 2)


class TestResponseOfThePhysics:
    @pytest.mark.parametrize("chemistry", [NickelHydrogen, LithiumIronPhosphate])
    def test_a_half_full_battery_scores_well(self, chemistry):
        battery = chemistry(energy_kwh=2000, power_kw=500)
        offer, scores = expected_regulation(
            Regulation(40.0), battery, State(), illustrative_signal(2.1, 3), 400
        )
        assert len(scores) == 2
        assert offer.score > 0.95
        assert offer.score == pytest.approx(np.mean([each.score for each in scores]))
        assert 0 < offer.up_share < 0.5

    def test_an_empty_battery_fails_the_upward_half(self):
        battery = NickelHydrogen(energy_kwh=2000, power_kw=500)
        upward = SIGNAL.clip(0)
        full, empty = (respond(battery, State(charge=charge), upward, 400) for charge in (0.9, 0.0))
        assert pjm_score(full.request_kw, full.response_kw, 400, 2).score > 0.9
        assert pjm_score(empty.request_kw, empty.response_kw, 400, 2).score < 0.25

    def test_a_late_converter_scores_less(self):
        battery = NickelHydrogen(energy_kwh=2000, power_kw=500)
        scores = []
        for delay in (0, 20, 60):
            answer = respond(battery, State(), SIGNAL, 400, delay_seconds=delay)
            scores.append(pjm_score(answer.request_kw, answer.response_kw, 400, 2).score)
        assert scores == sorted(scores, reverse=True)

    def test_the_stored_energy_drifts_as_the_measured_shares_foretell(self):
        battery = NickelHydrogen(energy_kwh=2000, power_kw=500, self_discharge_per_hour=0.0)
        signal = illustrative_signal(4, seed=5)
        answer = respond(battery, State(), signal, 400, delay_seconds=0, settling_seconds=0)
        figures = measure_signal(signal, 2)
        given = answer.response_kw.sum() * 2 / 3600
        assert given == pytest.approx(4 * 400 * (figures.up_share - figures.down_share), rel=1e-6, abs=1e-6)

    def test_signals_are_reproducible_bounded_and_measured(self):
        assert illustrative_signal(1, 7).tolist() == illustrative_signal(1, 7).tolist()
        assert np.abs(illustrative_signal(24, 8, spread=2.0)).max() <= 1
        figures = measure_signal(np.array([0.0, 1.0, -1.0, 0.0]), 900)
        assert (figures.up_share, figures.down_share, figures.mileage_per_hour) == (0.25, 0.25, 4)

    def test_a_signal_beyond_one_is_refused(self):
        with pytest.raises(InputError, match=r"signal: 1\.5 lies outside -1 to 1"):
            respond(NickelHydrogen(energy_kwh=1, power_kw=1), State(), np.array([1.5]), 1)
