"""A translation, below the stage: attention, the hypotheses of a search, and how far its error walks."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.decoding import Hypothesis
from explorer.choices.record import Choices
from explorer.choices.session import STRUCTURES, job_of, network_of, session
from explorer.components import exhibits
from explorer.components.exhibits import Card
from explorer.compute.answers import as_words, write_answers
from explorer.compute.error_walk import Arrivals, chosen_step, shared_arrivals, walk
from explorer.compute.jobs import Job
from explorer.compute.unrolled import Example, Unrolled, unroll
from explorer.figures import attention, beam_search, error_by_step
from explorer.formatting import clip_word, in_figures, quoted
from explorer.prose import prose, signed
from explorer.views.common import palette
from explorer.views.structures.tapes import tapes


def translation(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """Attention, the hypotheses of a search, how far the error walks; then what is fed above what is expected"""
    hypotheses = _hypotheses(unrolled, chosen)
    rows = [
        beam_search.Row(label, " ".join(as_words(unrolled.job, one)), one.score, one.ended) for label, one in hypotheses
    ]
    on_stage = None if unrolled.example.teacher_forced else _label(chosen.decoding)
    picture, alt = exhibits.hypotheses(rows, on_stage), beam_search.sentence(rows, on_stage)
    found = exhibits.card("beam", picture, alt, told=[_sum_of(hypotheses[0][1])])
    exhibits.show(_alignment(unrolled, step), found, _error_walk(unrolled, chosen, step), tapes(unrolled))


def _alignment(unrolled: Unrolled, step: int) -> Card:
    """Where each French word looks; why nothing is drawn, if attention is off"""
    if not unrolled.trace.focus:
        return exhibits.card("alignment", exhibits.NO_PICTURE, told=[prose("structures", "alignment_off")])
    sources, targets, alpha = unrolled.example.inputs, unrolled.example.fed, unrolled.trace.focus.alpha[0]
    row = step - 1 - len(sources) if step > len(sources) else None
    colours = palette().background, palette().negative
    table = exhibits.cells(alpha, targets, sources, "alignment_cell", colours, framed=row)
    at_end, told = int(np.sum(alpha.argmax(axis=1) == len(sources) - 1)), [_how_sure(sources, targets, alpha)]
    if 2 * at_end > len(alpha):
        token = quoted(sources[-1])
        told.append(prose("structures", "alignment_end", n=at_end, steps=len(alpha), token=token))
    return exhibits.card("alignment", table, attention.sentence(sources, targets, alpha), told=told)


def _how_sure(sources: Sequence[str], targets: Sequence[str], alpha: np.ndarray) -> str:
    """The word that each step looks at most, with its weight"""
    looks = [
        prose(
            "structures",
            "alignment_sure_of",
            target=target,
            source=sources[int(row.argmax())],
            alpha=in_figures(row.max()),
        )
        for target, row in zip(map(clip_word, targets), alpha, strict=True)
    ]
    return prose("structures", "alignment_sure", looks="; ".join(looks))


def _hypotheses(unrolled: Unrolled, chosen: Choices) -> list[tuple[str, Hypothesis]]:
    """The translations that a beam search keeps, best first, and the greedy one, each by what it is called"""
    job, params, inputs = unrolled.job, unrolled.trace.params, unrolled.example.inputs
    beams = write_answers(job, params, inputs, chosen.way._replace(decoding="beam"))
    (greedy,) = write_answers(job, params, inputs, chosen.way._replace(decoding="greedy"))
    return [(_label("beam", rank), one) for rank, one in enumerate(beams, start=1)] + [(_label("greedy"), greedy)]


def _sum_of(one: Hypothesis) -> str:
    """How a score is made of the probabilities of its tokens"""
    log_p, score = signed(f"{sum(one.log_probs):.3f}"), beam_search.score_text(one.score)
    return prose("structures", "beam_sum", log_p=log_p, n=len(one.log_probs), score=score)


def _label(decoding: str, rank: int = 1) -> str:
    """What a hypothesis is called; rank: of a beam search, its place"""
    return prose("structures", "beam_label", rank=rank) if decoding == "beam" else prose("structures", "greedy_label")


ATTENDS = {"with_attention": True, "without_attention": False}


def _error_walk(unrolled: Unrolled, chosen: Choices, step: int) -> Card:
    """How much of one answer's error arrives at each step, with attention and without"""
    jobs, s = _with_and_without(unrolled, chosen), chosen_step(unrolled, step)
    curves = _walks(unrolled, jobs, s)
    due = unrolled.job.task.classes[int(unrolled.targets[s, 0])]
    labels = [*[*unrolled.example.inputs, *unrolled.example.fed][:s], due]
    lead = prose("structures", "walk_of", word=clip_word(labels[-1]), s=s + 1)
    alt = error_by_step.sentence(labels, curves)
    return exhibits.card("walk", exhibits.walk(labels, curves), alt, lead, _worth(jobs))


def _worth(jobs: dict[str, Job]) -> list[str]:
    """What the two walks can tell"""
    untrained = [key for key, job in jobs.items() if network_of(job).origin == "untrained"]
    if len(untrained) == len(jobs):
        return [prose("structures", "walk_both_untrained")]
    if untrained:
        return [prose("structures", f"{untrained[0]}_untrained")]
    found = _arrivals(jobs)
    return [prose("structures", "walk_here"), _measured(found)] if len(found.attending) else []


def _with_and_without(unrolled: Unrolled, chosen: Choices) -> dict[str, Job]:
    """This job with attention and without it, by the keys of ATTENDS"""
    job = unrolled.job
    return {
        key: job if attends == job.experiment.attention else job_of(STRUCTURES, replace(chosen, attention=attends))
        for key, attends in ATTENDS.items()
    }


def _walks(unrolled: Unrolled, jobs: dict[str, Job], s: int) -> dict[str, np.ndarray]:
    """What arrives of the error of step s, from 0, of this example through both networks, by the curve's name"""
    curves = {}
    for key, job in jobs.items():
        is_shown = job is unrolled.job
        curves[prose("structures", key)] = walk(unrolled, s) if is_shown else _other_walk(job, unrolled.example, s)
    return {name: errors for name, errors in curves.items() if len(errors)}


def _other_walk(job: Job, example: Example, s: int) -> np.ndarray:
    """Through the network that is not on the stage: no update changes it"""
    scores, params = session().scores, network_of(job).params
    key = job.key, example, s
    kept = scores.get(key)
    if not kept or kept[0] is not params:
        kept = scores.put(key, (params, walk(unroll(job, params, example), s)))
    return kept[1]


def _arrivals(jobs: dict[str, Job]) -> Arrivals:
    """Of the held-out pairs, through both networks as they were before any update"""
    attending, without = jobs.values()
    return shared_arrivals(attending, network_of(attending).params, without, network_of(without).params)


def _measured(found: Arrivals) -> str:
    """What is true of the held-out pairs, with its spread"""
    quartiles = {name: np.quantile(shares, (0.25, 0.5, 0.75)) for name, shares in found._asdict().items()}
    named = {
        f"{name}{end}": q for name, qs in quartiles.items() for end, q in zip(("_low", "", "_high"), qs, strict=True)
    }
    more = int(np.sum(found.attending > found.without))
    return prose("structures", "walk_measured", n=len(found.attending), more=more, **named)
