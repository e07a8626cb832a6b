"""The form by which a quiz is put together: what was typed, and what it means."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from quizapp.formats.text import alphabetical
from quizapp.items.scoring import Policy
from quizapp.pages import quiz_words as words
from quizapp.pages.wording import DIFFICULTY_NAMES
from quizapp.quiz import advice
from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.composing import Offer
from quizapp.quiz.rules import OPEN_REVIEW, REVIEWED, ReviewRules, Rules

_l = lazy_gettext
MOST_PARTS = 60
MOST_ITEMS = 500
MOST_POINTS = 100
_NUMBER = re.compile(r"\d{1,6}")
_PART = re.compile(r"part-(\d{1,4})-bank")


class PercentField(Field):
    """A percentage from 0 to 100, with a point or a comma."""

    widget = TextInput()
    data: float
    typed = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what was typed, and read it."""
        self.typed = valuelist[0] if valuelist else ""
        value = percentage(self.typed)
        if value is None:
            raise ValueError(gettext("A percentage from 0 to 100, such as 80 or 72,5."))
        self.data = value

    def _value(self) -> str:
        return self.typed if self.raw_data else words.number(self.data)


def percentage(text: str) -> float | None:
    """A percentage as people write it, None for nothing. Raises ValueError for anything else."""
    if not text.strip():
        return None
    try:
        value = float(text.strip().rstrip("%").replace(",", "."))
    except ValueError:
        value = math.nan
    if not 0 <= value <= 100:
        raise ValueError(gettext("A percentage from 0 to 100, such as 80 or 72,5."))
    return value


class WholeField(IntegerField):
    """A whole number, or nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; what is no number is said in our words."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("A whole number, such as 30.")) from error


def _between(least: int, most: int) -> NumberRange:
    return NumberRange(
        least, most, _l("A number from %(least)s to %(most)s.", least=least, most=most)
    )


def _choices(names: Mapping[str, Any]) -> list[Any]:
    return [SelectChoice(value, str(name)) for value, name in names.items()]


class QuizForm(FlaskForm):
    """All of a quiz but its parts, eliminatory items and minima, which are as many as they are."""

    title = StringField(_l("Title"), validators=[InputRequired(), Length(max=200)])
    use = RadioField(_l("Use"))
    shuffle = BooleanField(_l("Shuffle the questions of each form"))
    opens_at = DateTimeLocalField(_l("Opens"), format=["%Y-%m-%dT%H:%M"], validators=[Optional()])
    closes_at = DateTimeLocalField(_l("Closes"), format=["%Y-%m-%dT%H:%M"], validators=[Optional()])
    minutes = WholeField(
        _l("Time limit (minutes)"),
        description=_l("Nothing: no limit. The closing time ends an attempt, too."),
        validators=[Optional(), _between(1, 1440)],
    )
    attempts = WholeField(
        _l("Attempts for each person"),
        description=_l("Nothing: as many as they like."),
        validators=[Optional(), _between(1, 100)],
    )
    delay_hours = WholeField(
        _l("Hours between two attempts"), validators=[Optional(), _between(0, 8760)]
    )
    counts = RadioField(_l("Which attempt counts"))
    navigation = RadioField(_l("Moving about"))
    layout = RadioField(_l("Pages"))
    consultation = BooleanField(_l("With consultation: the procedures stay open meanwhile"))
    release = BooleanField(_l("A supervisor releases each start, having seen who sits there"))
    access_code = StringField(
        _l("Access code"),
        description=_l("Whoever starts types it. Nothing: none is needed."),
        validators=[Length(max=40)],
    )
    cut_score = PercentField(_l("Cut score (%)"))
    cut_reason = TextAreaField(
        _l("Why this cut score"),
        description=_l("How it was found, by whom: it is asked for when somebody contests."),
        validators=[Length(max=2000)],
    )
    multiple = RadioField(_l("Questions with several right options"))
    ordering = RadioField(_l("Ordering"))
    matching = RadioField(_l("Matching"))
    accents = BooleanField(_l("Accents have to be right"))
    case = BooleanField(_l("Capitals have to be right"))
    spelling = BooleanField(_l("One typing slip is forgiven"))
    exposure_limit = WholeField(
        _l("Warn when a question was in so many forms"),
        description=_l("Nothing: no warning."),
        validators=[Optional(), _between(1, 100000)],
    )
    review_score = SelectField(_l("The score"))
    review_responses = SelectField(_l("What one answered"))
    review_right = SelectField(_l("Whether it was right"))
    review_key = SelectField(_l("The right answer"))
    review_explanations = SelectField(_l("The explanations"))
    reason = StringField(_l("Why this change?"), validators=[Length(max=500)])
    number = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, names in (
            ("use", words.USES),
            ("counts", words.COUNTS),
            ("navigation", words.NAVIGATION),
            ("layout", words.LAYOUT),
            ("multiple", words.MULTIPLE),
            ("ordering", words.ORDERING),
            ("matching", words.MATCHING),
            *((f"review_{what}", words.WHEN) for what in REVIEWED),
        ):
            self[name].choices = _choices(names)

    @property
    def review_fields(self) -> list[Field]:
        """The rows of the review's table."""
        return [self[f"review_{what}"] for what in REVIEWED]

    def rules(
        self, minima: Mapping[str, float], zone: ZoneInfo, present: Rules | None = None
    ) -> Rules:
        """What a valid form means; with the `present` cut score its judges stay."""
        cut_score = self.cut_score.data
        return Rules(
            cut_score=cut_score,
            cut_by=present.with_cut(cut_score).cut_by if present else None,
            cut_reason=(self.cut_reason.data or "").strip(),
            opens_at=_in_zone(self.opens_at.data, zone),
            closes_at=_in_zone(self.closes_at.data, zone),
            minutes=self.minutes.data,
            attempts=self.attempts.data,
            delay_hours=self.delay_hours.data or 0,
            counts=self.counts.data,
            navigation=self.navigation.data,
            layout=self.layout.data,
            consultation=self.consultation.data,
            release=self.release.data,
            access_code=(self.access_code.data or "").strip(),
            minima=minima,
            exposure_limit=self.exposure_limit.data,
            review=ReviewRules(**{what: self[f"review_{what}"].data for what in REVIEWED}),
            policy=Policy(
                **{
                    name: self[name].data
                    for name in ("multiple", "ordering", "matching", "accents", "case", "spelling")
                }
            ),
        )


def form_data(title: str, use: str, number: int, rules: Rules, zone: ZoneInfo) -> dict[str, Any]:
    """What the fields show of a saved state."""
    plain = {name: getattr(rules, name) for name in vars(rules)}
    return {
        **plain,
        **rules.policy.to_json(),
        **{f"review_{what}": getattr(rules.review, what) for what in REVIEWED},
        "title": title,
        "use": use,
        "number": number,
        "opens_at": rules.opens_at and rules.opens_at.astimezone(zone).replace(tzinfo=None),
        "closes_at": rules.closes_at and rules.closes_at.astimezone(zone).replace(tzinfo=None),
    }


def fresh_rules(use: str) -> Rules:
    """The rules that a new quiz begins with."""
    return Rules() if use == "exam" else Rules(review=OPEN_REVIEW, exposure_limit=None)


def _in_zone(typed: datetime | None, zone: ZoneInfo) -> datetime | None:
    return typed and typed.replace(tzinfo=zone)


@dataclass
class PartRow:
    """One part of the blueprint as it was typed; `what` is a choice of `part_choices`."""

    bank: str
    what: str = "any"
    n: str = ""
    points: str = "1"
    items: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, part: Part) -> "PartRow":
        """The row that shows this part."""
        if part.items:
            what = "items"
        elif part.n is None and part.by == "any":
            what = "all"
        else:
            what = "any" if part.by == "any" else f"{part.by}:{part.value}"
        n = "" if part.n is None else str(part.n)
        return cls(part.bank, what, n, str(part.points), list(part.items))

    def part(self) -> Part | None:
        """What the row means; None after noting what is wrong with it."""
        points = _whole(self.points or "1", 1, MOST_POINTS)
        if points is None:
            self.errors["points"] = gettext("A number from 1 to %(most)s.", most=MOST_POINTS)
        by, _, value = self.what.partition(":")
        n = None
        if by == "items":
            if not self.items:
                self.errors["chosen"] = gettext("Choose at least one question.")
        elif by != "all" and (by == "any" or self.n.strip()):
            # Of a competency, a tag or a difficulty: nothing typed means all there are.
            n = _whole(self.n, 1, MOST_ITEMS)
            if n is None:
                self.errors["n"] = gettext(
                    "How many? A number from 1 to %(most)s.", most=MOST_ITEMS
                )
        if self.errors or points is None:
            return None
        if by == "items":
            return Part(self.bank, items=tuple(self.items), points=points)
        if by in ("competency", "tag", "difficulty"):
            return Part(self.bank, by=by, value=value, n=n, points=points)  # type: ignore[arg-type]
        return Part(self.bank, n=n, points=points)


def _whole(text: str, least: int, most: int) -> int | None:
    text = text.strip()
    return int(text) if _NUMBER.fullmatch(text) and least <= int(text) <= most else None


def read_rows(sent: MultiDict[str, str]) -> list[PartRow]:
    """The parts that a page sent, in their order."""
    numbers = sorted(int(found[1]) for name in sent if (found := _PART.fullmatch(name)))
    return [
        PartRow(
            sent[f"part-{n}-bank"],
            sent.get(f"part-{n}-what", "any"),
            sent.get(f"part-{n}-n", ""),
            sent.get(f"part-{n}-points", ""),
            sent.getlist(f"part-{n}-items"),
        )
        for n in numbers[:MOST_PARTS]
    ]


def rearrange(rows: list[PartRow], do: str, bank: str, known: Iterable[str]) -> None:
    """Add, remove or move a part, as a button says: add, remove-2, up-3."""
    verb, _, text = do.partition("-")
    place = int(text) if _NUMBER.fullmatch(text) else -1
    if verb == "add" and bank in known and len(rows) < MOST_PARTS:
        rows.append(PartRow(bank))
    elif verb == "remove" and 0 <= place < len(rows):
        del rows[place]
    elif verb == "up" and 0 < place < len(rows):
        rows[place - 1 : place + 1] = rows[place], rows[place - 1]


def part_choices(row: PartRow, offer: Offer | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a part can be made of, in groups of (value, words), with how many are ready."""
    if offer is None:
        return [("", [(row.what, words.part_kind(row.what))])]
    ready = len(offer.items)
    groups = [
        (
            "",
            [
                ("any", words.with_count(gettext("Any question"), ready)),
                ("all", words.with_count(gettext("All its questions"), ready)),
                ("items", gettext("Chosen questions")),
            ],
        )
    ]
    for by, label, counts in (
        ("competency", gettext("Of one competency"), offer.competencies),
        ("tag", gettext("Of one tag"), offer.tags),
        ("difficulty", gettext("Of one difficulty"), offer.difficulties),
    ):
        found = [
            (f"{by}:{value}", words.with_count(words.part_value(by, value), count))
            for value, count in sorted(counts.items(), key=_in_order)
        ]
        if found:
            groups.append((label, found))
    if row.what not in {value for _, found in groups for value, _ in found}:
        # It was chosen once; the bank has none of it now.
        groups.append((gettext("No longer there"), [(row.what, words.part_kind(row.what))]))
    return groups


def _in_order(choice: tuple[str, int]) -> tuple[object, ...]:
    """Difficulties from easy to hard, all else by its letters."""
    value, order = choice[0], list(DIFFICULTY_NAMES)
    return (order.index(value) if value in order else 0, alphabetical(value))


@dataclass
class Minimum:
    """A competency with the per cent needed in it, as typed."""

    competency: str
    typed: str = ""
    error: str = ""


def read_minima(sent: MultiDict[str, str]) -> list[Minimum]:
    """The minima that a page sent."""
    return [
        Minimum(name.removeprefix("minimum:"), sent[name])
        for name in sent
        if name.startswith("minimum:")
    ]


def minima_of(rows: list[Minimum]) -> dict[str, float] | None:
    """What they mean; None after noting what is wrong."""
    found = {}
    for row in rows:
        try:
            value = percentage(row.typed)
        except ValueError as error:
            row.error = str(error)
        else:
            if value is not None:
                found[row.competency] = value
    return None if any(row.error for row in rows) else found


def check(form: QuizForm, blueprint: Blueprint, rules: Rules) -> bool:
    """Put what contradicts itself beside its field; whether there is nothing of it."""
    fields = {"closes-before-opens": form.closes_at, "sequential-on-one-page": form.layout}
    is_right = True
    for remark in advice.advise("practice", blueprint, rules, []):
        if remark.is_error:
            beside = fields[remark.code]
            beside.errors = [*beside.errors, words.say(remark)]
            is_right = False
    return is_right
