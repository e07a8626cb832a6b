"""The wording of the problems that parsers find: what is wrong, and what to do about it."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from quizapp.formats.model import Problem

MESSAGES: dict[str, LazyString] = {
    # The file as a whole
    "empty-file": _("The file is empty. Check that it was saved before it was sent."),
    "not-text": _("This is not a text file. Save the document as text (UTF-8) or Markdown."),
    "too-large": _("The file is larger than %(megabytes)s MB. Split it into several files."),
    "format-unsupported": _(
        "Files of this kind (%(format)s) are not read yet. Save it as Markdown or plain text."
    ),
    "xml-unknown": _("XML of this kind (<%(root)s>) is not read. Export as Moodle XML or as QTI."),
    "xml-invalid": _(
        "The XML breaks off here. Check that every tag is closed, that & is written &amp;, and"
        " that the encoding is the one declared on the first line."
    ),
    "xml-mended": _(
        "The XML is not well formed here; what was meant is plain enough, and it was read. Check"
        " the questions around this line."
    ),
    "xml-dtd": _(
        "The XML brings a document type of its own (<!DOCTYPE …>), which is not read. Take that"
        " line out."
    ),
    "xml-too-large": _("The XML is too large or nested too deeply. Split it into several files."),
    "archive-invalid": _(
        "The file is damaged: it cannot be unpacked. Save or download it once more."
    ),
    "archive-too-large": _(
        "Unpacked, the file is too large: at most %(entries)s files of %(entry)s MB each, and"
        " %(total)s MB in all. Split it."
    ),
    "archive-unsafe": _(
        "The file was not unpacked, because it may do harm (%(reason)s). Save it anew with the"
        " program that it comes from, without a password."
    ),
    # Pictures
    "image-missing": _(
        "The picture %(name)s is not beside the file. Bring it with the file, or take the reference"
        " out."
    ),
    "image-not-here": _(
        "The picture %(name)s is on another computer and was left out. Save it in the document."
    ),
    "image-refused": _(
        "%(name)s is no picture of a kind that is shown here and was left out. Save it as PNG, JPEG"
        " or WebP."
    ),
    "image-too-large": _(
        "The picture %(name)s has more than 10 MB or 40 megapixels and was left out. Make it"
        " smaller."
    ),
    "image-alt-missing": _(
        "The picture %(name)s has no alternative text. Describe it for those who cannot see it."
    ),
    "qti-list-alone": _(
        "This file only lists questions that stand in other files. Import the whole package (.zip)."
    ),
    # Questions of other systems' files
    "qti-text-only": _(
        "“%(name)s” is a text without a question and is not kept. Move it into a question."
    ),
    "qti-keys-differ": _(
        "The file is not clear about which options of “%(name)s” are right. Choose the key."
    ),
    "qti-feedback-lost": _(
        "Some feedback of “%(name)s” is said of whole responses and was left out. Add it to the"
        " explanation if it matters."
    ),
    "qti-options-dropped": _("Empty options of “%(name)s” were left out. Check the others."),
    "qti-pairs-dropped": _(
        "Empty or repeated pairs of “%(name)s” were left out. Check the others."
    ),
    "qti-part-missing": _(
        "The package refers to %(part)s, which is not in it. Export the package once more."
    ),
    "item-left-out": _(
        "“%(name)s” is of a kind that cannot be scored here (%(type)s) and was left out."
    ),
    "foreign-stem-empty": _(
        "Question %(number)s has no text and was left out. Write its text in the file."
    ),
    "foreign-options-too-few": _(
        "Question %(number)s has fewer than two options and was left out. Add options."
    ),
    "foreign-option-empty": _(
        "Question %(number)s has an empty option and was left out. Write the option."
    ),
    "foreign-answer-missing": _(
        "Question %(number)s has no accepted answer and was left out. Add one."
    ),
    "encoding-guessed": _(
        "The file is not UTF-8; it was read as %(encoding)s. Check the accents, and save it as"
        " UTF-8."
    ),
    "front-matter-invalid": _(
        "The block between the lines --- at the top cannot be read. Write one “key: value” a"
        " line; put quotes around a value that contains a colon."
    ),
    "front-matter-unknown-key": _(
        "“%(key)s” means nothing here and is left aside. Check its spelling."
    ),
    "format-unknown": _(
        "The format “%(format)s” is not known. Write procedimento/1 or questoes/1."
    ),
    "date-invalid": _("“%(value)s” is not a date. Write it as 31/12/2026 or 2026-12-31."),
    "cut-score-invalid": _(
        "“%(value)s” is no cut score. Write a number from 0 to 100, such as 80."
    ),
    "id-invalid": _(
        "“%(id)s” cannot be an id. Use letters without accents, digits, hyphens, dots and"
        " underscores, and begin with a letter or digit."
    ),
    # Procedures
    "title-from-file-name": _(
        "The file has no title; “%(title)s” was made from its name. Put a title on the first line."
    ),
    "procedure-empty": _("The file has a title but no text. Write the procedure below it."),
    "nesting-too-deep": _(
        "Lists or quotes are nested so deeply that this section is shown as plain text. Nest them"
        " less."
    ),
    "step-number-jump": _(
        "The numbering jumps from %(from)s to %(to)s. Check whether a step is missing."
    ),
    "step-cut-off": _("The last step stops in mid sentence: “%(text)s”. Complete it."),
    # Banks
    "bank-empty": _("The file holds no item. Write each stem as a heading that begins with ##."),
    "text-outside-items": _(
        "This text belongs to no item and is not kept. Move it below a stem, or take it out."
    ),
    "item-empty": _(
        "Item %(number)s has neither options nor an answer; it is kept as a text. Add options, or"
        " write “Tipo: texto”."
    ),
    "stem-empty": _("Item %(number)s has no stem. Write the question after ##."),
    "item-cut-off": _(
        "Item %(number)s has only %(options)s options, the others have more. Check whether the"
        " text was cut off."
    ),
    "id-duplicate": _("The id “%(id)s” stands twice in this file. Give one of them another id."),
    "key-missing": _(
        "Item %(number)s has no key and stays a draft. Mark the right option with [x], or apply a"
        " gabarito."
    ),
    "options-too-few": _("Item %(number)s has fewer than two options. Write at least two."),
    "option-empty": _("This option has no text. Write it, or take the line out."),
    "option-duplicate": _("The option “%(option)s” stands twice. Change or remove one of them."),
    "option-all-not-last": _(
        "“%(option)s” speaks of the other options but is not the last. It is always shown last;"
        " move it down."
    ),
    "answer-with-options": _(
        "An item with options takes no “Resposta:”. Mark the right option with [x]."
    ),
    "answer-empty": _("This answer is empty. Write the accepted answer after “Resposta:”."),
    "number-invalid": _(
        "“%(value)s” is not a number as an answer takes it. Write 30, 30 ± 2 or 10..20."
    ),
    "number-ambiguous": _(
        "“%(value)s” was read as a decimal. Write it without a point if it means thousands."
    ),
    "difficulty-unknown": _("“%(value)s” is no difficulty. Use one of: %(allowed)s."),
    "use-unknown": _("“%(value)s” is no use. Use one of: %(allowed)s."),
    "type-unknown": _("“%(value)s” is no type of item. Use one of: %(allowed)s."),
    "type-mismatch": _(
        "“Tipo” says %(said)s, but the item is written as %(shown)s. Change one of them."
    ),
    "kind-not-served": _(
        "Item %(number)s is a scenario. It is kept, but cannot be asked in a quiz yet."
    ),
    # Gabaritos
    "key-line-unreadable": _(
        "“%(text)s” is no answer. Write an item's number and letter, such as 1-A."
    ),
    "key-twice": _(
        "Item %(item)s has two different answers (the first on line %(first)s). Keep one."
    ),
    "key-item-missing": _("There is no item %(item)s in this bank. Check the number."),
    "key-item-ambiguous": _(
        "Several items have the number %(item)s. Give their ids instead of the number."
    ),
    "key-option-missing": _(
        "Item %(item)s has no option “%(option)s”. Check the letter or the option's text."
    ),
    "key-option-ambiguous": _(
        "Item %(item)s has more than one option “%(option)s”. Give the letter instead."
    ),
    "key-too-many": _(
        "Item %(item)s takes one option, not “%(option)s”. Give one, or make it a multiple choice."
    ),
    "key-not-choice": _(
        "Item %(item)s has no options to choose from. Write its answer in the bank itself."
    ),
    # Importing, beside what is there already
    "identity-taken": _(
        "“%(id)s” is %(path)s already. Give this file another id, or remove one of the two."
    ),
    "source-unknown": _(
        "Item %(item)s cites %(source)s, which no procedure has. Mend the citation or import the"
        " procedure."
    ),
    "edited-here-too": _(
        "“%(id)s” was changed on a page since this file was last imported. Nothing was taken:"
        " compare the two under Conflicts and choose."
    ),
    "image-unreadable": _(
        "The picture %(name)s cannot be decoded and is not shown. Save it anew as PNG or JPEG."
    ),
    "item-kept": _(
        "Item %(item)s is no longer in the file and stays. To retire it: import --prune FOLDER"
    ),
    "key-to-confirm": _(
        "Item %(item)s has changed: confirm its key on the bank's page. Until then the text before"
        " is asked."
    ),
    "key-change-proposed": _(
        "Somebody has answered item %(item)s: its other key is kept as a proposal, no score moves."
    ),
}


def message(problem: Problem) -> str:
    """What a problem is, in the reader's language; its code where there is no wording."""
    wording = MESSAGES.get(problem.code)
    return str(wording) % problem.args if wording else problem.code


def format_problem(path: str, problem: Problem) -> str:
    """A problem on one line, as compilers write it: `path:line:column: severity: …`."""
    place = f"{path}:{problem.line}:{problem.column}"
    return f"{place}: {problem.severity}: {message(problem)} [{problem.code}]"
