"""The wording of the problems that parsers find in what a file says; those with the file itself
are in content.file_messages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from quizapp.content.file_messages import FILE_MESSAGES
from quizapp.formats.model import Problem

MESSAGES: dict[str, LazyString] = {
    **FILE_MESSAGES,
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
        "“%(value)s” was read as %(read)s. If that is not what is meant, write the thousand without"
        " a sign (1234), or the decimal with one digit more (1,2340)."
    ),
    "key-disagrees": _(
        "Item %(number)s says two things about its key (%(options)s). It waits for somebody to"
        " decide: correct the file, or key it on the bank's page."
    ),
    "key-unread": _(
        "“%(text)s” names none of the options of item %(number)s, which waits for a key. Write the"
        " letter of the right one."
    ),
    "key-unsure": _(
        "“%(text)s” is not one sure key for item %(number)s, which waits for somebody to decide."
        " Leave one letter, with its own text."
    ),
    "key-list-unmatched": _(
        "No question has the number %(item)s of this key. Check the numbers of both."
    ),
    "key-list-ambiguous": _(
        "Several questions have the number %(item)s of this key, and none was keyed. Put each list"
        " below its own questions."
    ),
    "key-several": _(
        "Item %(number)s takes one option, but several are marked (%(options)s). Leave one, or"
        " write “Tipo: múltipla”."
    ),
    "key-marked-wrong": _(
        "Item %(number)s marks an option as right that says of itself that it is wrong"
        " (%(options)s). Decide which of the two is so."
    ),
    "key-without-share": _(
        "Item %(number)s ticks an option that is worth nothing (%(options)s). Take the tick or the"
        " share out."
    ),
    "lint-severity-unknown": _(
        "“%(value)s” says nothing about the lint. Write code=severity, with erro, aviso, info or"
        " desligado, as in lint: [key-longest=desligado]."
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
    # The lint of items; docs/lint.md says why each is a flaw
    "key-longest": _(
        "The right option is far longer than the others (%(key)s characters, the next %(longest)s)"
        " and gives itself away. Shorten it, or say as much in the others."
    ),
    "key-position": _(
        "In %(count)s of %(total)s items the right option stands in place %(place)s. Spread the"
        " keys over all places."
    ),
    "grammar-cue": _(
        "The stem stops at “%(word)s”, which only one option fits. Begin the options with it, or"
        " let the stem end before it."
    ),
    "negative-stem": _(
        "The stem asks for what is not so, and “%(word)s” is easily overlooked. Ask the other way"
        " round, or write the word in capitals or bold."
    ),
    "stem-unfocused": _(
        "The stem says nothing of what it asks about. Ask a question that can be answered without"
        " seeing the options."
    ),
    "absolute-word": _(
        "An option says “%(word)s”, which is seldom true and known to be so. Say when it holds."
    ),
    "few-options": _("The item has only %(options)s options. Write at least three."),
    "all-or-none": _(
        "“%(option)s” is an option about the others: who knows two of them knows this one. Write a"
        " plausible option in its place."
    ),
    "option-near-duplicate": _(
        "“%(option)s” and “%(other)s” say the same. Change or remove one of them."
    ),
    "option-contains-option": _(
        "An option holds another one whole (“%(option)s”): both may be taken for right. Let them"
        " exclude each other."
    ),
    "option-cites-letter": _(
        "“%(option)s” names other options by their place, so all must keep their order. Write what"
        " it means instead."
    ),
    "no-distractor": _("All %(options)s options are right. Add one that is not."),
    "stem-duplicate": _("This asks the same as %(other)s. Keep one of the two."),
    "stem-near-duplicate": _(
        "This asks nearly the same as %(other)s. Keep one of the two, or accept it if they differ."
    ),
    "cut-off": _("The item seems to stop in the middle: “%(text)s”. Complete it."),
    "no-explanation": _(
        "The item has no explanation. Say why the key is right, for those who missed it."
    ),
    "no-source": _(
        "The item cites no section of a procedure. Link it to the one that it asks about."
    ),
    "source-gone": _(
        "The item cites %(source)s, which is not there any more. Link it to the section that says"
        " so now."
    ),
    "lint-code-unknown": _("“%(code)s” is no code of the lint. Check its spelling."),
    # Programs
    "program-empty": _(
        "The program has nothing to do. Write its steps: “1. Ler: procedure#section” or “2. Prova:"
        " quiz”."
    ),
    "program-too-long": _("The program has more than %(most)s steps or groups. Split it."),
    "program-step-unread": _(
        "“%(text)s” is no step. Write “1. Ler: procedure”, “1. Ler: procedure#section” or “1."
        " Prova: quiz”."
    ),
    "program-step-twice": _("“%(step)s” stands twice. Take one of the two out."),
    "program-for-unread": _(
        "“%(text)s” names nobody. Write equipe, turma, papel or pessoa with a name, or todos."
    ),
    "program-due-unread": _(
        "“%(text)s” has no date that can be read. Write “, até 15/12/2026” or “, em 30 dias” at the"
        " end."
    ),
    "program-role-unknown": _(
        "“%(role)s” is no role. Use one of: atendente, supervisor, instrutor, administrador."
    ),
    "program-for-twice": _("“%(who)s” stands twice. Take one of the two out."),
    "program-text-outside": _(
        "This text is no step and is not kept. Move it above the steps, into the introduction."
    ),
    "program-heading-dropped": _(
        "This heading stands above the steps or between the lists and is not kept. What agents"
        " should read goes into the introduction, with text below it."
    ),
    "program-hours-invalid": _("“%(value)s” is no time. Write 8, 1h30 or 90 min."),
    "program-validity-invalid": _(
        "“%(value)s” is no validity. Write “12 meses”, “2 anos” or “todo 31/12”, or nothing for one"
        " without an end."
    ),
    "program-warnings-invalid": _(
        "“%(value)s” are no days. Write how many days before the end one is warned: 60, 30, 7."
    ),
    "program-order-invalid": _("“%(value)s” is neither yes nor no. Write sim or não."),
    "program-read-unknown": _(
        "There is no %(target)s to read. Import the procedure, or mend its name and section."
    ),
    "program-quiz-unknown": _("There is no quiz %(target)s. Mend its name, or put it together."),
    "program-quiz-unpublished": _(
        "The quiz %(target)s is not on the list yet. Publish it before the program."
    ),
    "program-quiz-practice": _(
        "%(target)s is a practice quiz, which shows its answers. Choose an exam."
    ),
    "program-for-unknown": _(
        "There is no %(who)s here, and it is assigned to nobody yet. Mend the name, or add it and"
        " save the program again."
    ),
    "program-due-over": _("The day of “%(who)s” is over: everybody would be late at once."),
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
    said = str(wording) % problem.args if wording else problem.code
    if sheet := problem.args.get("sheet"):
        return str(_("%(message)s (Sheet “%(sheet)s”)") % {"message": said, "sheet": sheet})
    return said


def format_problem(path: str, problem: Problem) -> str:
    """A problem on one line, as compilers write it: `path:line:column: severity: …`."""
    place = f"{path}:{problem.line}:{problem.column}"
    return f"{place}: {problem.severity}: {message(problem)} [{problem.code}]"
