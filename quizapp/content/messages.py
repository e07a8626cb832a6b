"""The wording of the problems that parsers find: what is wrong, and what to do about it."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from quizapp.formats.model import Problem

MESSAGES: dict[str, LazyString] = {
    # The file as a whole
    "empty-file": _("The file is empty. Check that it was saved before it was sent."),
    "not-text": _(
        "This is not a text file, or one in UTF-16 without its mark. Save the document as text"
        " (UTF-8) or Markdown."
    ),
    "too-large": _("The file is larger than %(megabytes)s MB. Split it into several files."),
    "format-unsupported": _(
        "Files of this kind (%(format)s) are not read, or this one is damaged. Open it and save it"
        " anew, or as Markdown or plain text."
    ),
    "read-too-long": _(
        "The file was not read: after %(seconds)s seconds it was not done. Split it, or save it in"
        " another format."
    ),
    "read-too-much": _(
        "The file was not read: it takes more than %(megabytes)s MB of memory, or it is made so"
        " that its reader breaks off. Split it, or save it in another format."
    ),
    "upload-too-much": _(
        "Together the files hold more than %(most)s questions and sections. Import this file by"
        " itself, or split it."
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
    # Word documents, web pages, PDF
    "document-too-long": _(
        "The document is longer than what is read at once (a million characters, some five hundred"
        " pages). Split it."
    ),
    "pdf-encrypted": _("The PDF is protected by a password. Save it without protection."),
    "pdf-invalid": _("The PDF is damaged. Open it in a reader and save or print it as PDF anew."),
    "pdf-page-lost": _(
        "Page %(page)s has no text that can be read (pictures on it: %(images)s) and is lost. Run"
        " a text recognition over it, or type it in."
    ),
    "pdf-images-left-out": _(
        "Pictures of a PDF do not come in (%(count)s in this one). Add those that matter on the"
        " document's page."
    ),
    "pdf-frame-left-out": _(
        "“%(text)s” stands on most pages and was left out as a header or footer."
    ),
    "html-frame-left-out": _(
        "What stands around the text of the page was left out (%(parts)s). Check that nothing is"
        " missing."
    ),
    "html-embedded-lost": _(
        "What is embedded in the page (%(kind)s) was left out. Put a link to it in its place."
    ),
    "docx-invalid": _("The Word document is damaged. Open it in Word and save it anew as .docx."),
    "docx-part-lost": _(
        "A part of the Word document cannot be read (%(part)s): styles, numbers or notes may be"
        " missing. Save it anew as .docx."
    ),
    "docx-object-lost": _(
        "An embedded object (%(kind)s) was left out. Put a picture or a table in its place."
    ),
    "docx-equation-plain": _(
        "The formula “%(text)s” came in as plain characters. Check it, or put a picture in its"
        " place."
    ),
    "docx-key-looks": _(
        "In %(count)s questions one option differs by colour, bold or underlining and was marked"
        " in bold. Check that it is the key."
    ),
    "docx-key-signs": _(
        "In %(count)s questions the options that begin with “!” were taken for the key."
    ),
    "docx-comment-lines": _(
        "%(count)s paragraphs that begin with “#” were taken for comments and left out."
    ),
    "docx-comments-left-out": _("%(count)s comments in the margin were left out."),
    "docx-contents-left-out": _("The table of contents was left out; the headings make their own."),
    "docx-hidden-left-out": _("%(count)s pieces of hidden text were left out."),
    "docx-frame-left-out": _("The header or footer “%(text)s” was left out."),
    "docx-text-boxes": _(
        "%(count)s text boxes stand below the paragraph that they hang on. Check their place."
    ),
    "docx-changes-accepted": _(
        "Tracked changes were taken as accepted: %(insertions)s insertions, %(deletions)s"
        " deletions. Check the text."
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
    "qti-order-missing": _(
        "The file does not say the right order of “%(name)s”. Put its options in order."
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
    "too-many-lines": _("The file has more than %(most)s lines. Split it into several files."),
    "line-too-long": _(
        "This line is longer than %(most)s characters. Check whether it is text, and break it up."
    ),
    "too-many-sections": _(
        "The file has more than %(most)s headings. Split it into several procedures."
    ),
    "too-many-items": _(
        "The file holds more than %(most)s questions, or the text of as many. Split it into several"
        " files."
    ),
    "stem-from-name": _(
        "The question has a name, “%(name)s”, but no text; the name was taken for it. Write the"
        " text."
    ),
    "answer-wildcard": _(
        "“%(text)s” accepts any characters in place of *, which is not done here; accepted is:"
        " %(kept)s. Write each accepted answer; an asterisk of the answer's own is \\*."
    ),
    "answer-number": _(
        "“%(text)s” is no number, and this answer was left out. Write digits, with a point for"
        " decimals."
    ),
    "pair-incomplete": _(
        "“%(text)s” has no partner, and this pair was left out. Write what belongs to it."
    ),
    "key-unclear": _(
        "The marks of “%(name)s” do not make a whole, so its key is in doubt. Give the right"
        " option 100%%, or right ones 100%% in sum."
    ),
    "parts-left-aside": _(
        "Some of what the file says has no place here and was left aside: %(what)s. If it matters,"
        " write it into the explanation."
    ),
    "export-lost": _(
        "Item %(item)s: this format has no place for a part of it (%(what)s), which the export"
        " leaves out. Export as Markdown or JSON to keep it."
    ),
    "accepted-kept-here": _(
        "Item %(item)s: several keys are accepted for it, and a file holds one of them. The others"
        " stay here, also when the file is imported again."
    ),
    # Aiken
    "aiken-stem-missing": _(
        "No text stands above these options or this answer, so they make no question. Write the"
        " question's text above A)."
    ),
    "aiken-options-too-few": _(
        "The question has fewer than two options and was not read. Write A), B) … on lines of"
        " their own."
    ),
    "aiken-answer-missing": _(
        "The question has no answer and was not read. Write ANSWER: and the letter below its"
        " options."
    ),
    "aiken-key": _(
        "“%(text)s” is not the letter of one option. Write ANSWER: and that letter; until then the"
        " key is in doubt."
    ),
    "aiken-letter": _("The options skip the letter %(letter)s. Check whether one is missing."),
    # GIFT
    "gift-unclosed": _(
        "The answers that begin here do not end: the question was left out. Close them with }."
    ),
    "gift-brace": _(
        "This brace stands outside of the answers, or within them: the question was left out."
        " Write \\{ or \\} for a brace of the text."
    ),
    "gift-joined": _(
        "No blank line divides this question from the one before. They were read as two; put an"
        " empty line between them."
    ),
    "gift-name": _(
        "“%(text)s” looks like a name but was read as text. Write names as ::name::, on one line."
    ),
    "gift-weight": _(
        "The weight of “%(text)s” is no per cent from -100 to 100, so the key is in doubt. Write"
        " it as %%50%%."
    ),
    "gift-several-right": _(
        "Several options are marked = and each alone is right here, as in Moodle. If all are to be"
        " ticked, write ~%%50%% and the like."
    ),
    "gift-pair": _("“%(text)s” is no pair, and the question was left out. Write =left -> right."),
    "gift-number": _(
        "“%(text)s” is no number, and the question was left out. Write 30, 30:2 or 10..20."
    ),
    "gift-ordering": _(
        "Moodle's settings for this ordering (%(settings)s) are not kept: all entries are asked,"
        " and the whole order counts."
    ),
    "gift-unescaped": _(
        "%(sign)s was read as text; other programs may stumble over it. Write \\%(sign)s."
    ),
    "gift-no-sign": _(
        "“%(text)s” has no sign in front and was read as an answer. Write = or ~ before an answer,"
        " \\{ for a brace of the text."
    ),
    "gift-answer-empty": _("An answer has no text and was left aside. Write it after =."),
    "gift-truth": _("“%(text)s” was read as %(read)s. Write that: Moodle knows no other word."),
    "encoding-guessed": _(
        "The file is not UTF-8; it was read as %(encoding)s. Check the accents, and save it as"
        " UTF-8."
    ),
    "mojibake": _(
        "Letters are garbled on %(count)s lines: “%(shown)s” was probably “%(meant)s”. Have them"
        " repaired, or save the file anew as UTF-8 from the program that wrote it."
    ),
    "letters-lost": _(
        "%(count)s letters were lost before the file came here (�). Write them again, or take the"
        " file from the program that wrote it."
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
    # Tables
    "table-not-found": _(
        "No table of questions was found. Put a header above the columns, such as Pergunta; A; B;"
        " C; D; Gabarito."
    ),
    "table-too-large": _(
        "The table is too large: %(rows)s rows, %(columns)s columns and 5 MB of text at most. Take"
        " away what is no question, or split the file."
    ),
    "table-cell-too-long": _(
        "A cell holds more than %(limit)s characters. Check whether a quotation mark is missing."
    ),
    "table-columns-guessed": _(
        "The table has no header; its columns were taken for: %(columns)s. Check the first"
        " question, or put a header above the columns."
    ),
    "table-column-aside": _("The column “%(column)s” means nothing here and is not kept."),
    "table-row-aside": _("This row is no question and is passed over: “%(text)s”."),
    "table-row-too-long": _(
        "This row has more cells than the header and was left out: “%(text)s”. Put texts that"
        " contain the dividing sign between quotation marks."
    ),
    "table-example": _(
        "The only question is the template's example: “%(text)s”. Fill in the rows below it."
    ),
    "table-cell-error": _("The cell shows the error %(error)s. Mend it in the spreadsheet."),
    "csv-quote-open": _(
        "A quotation mark begins a cell here and does not end it. Check this row and the next."
    ),
    "sheet-without-questions": _("The sheet “%(name)s” holds no table of questions."),
    "xlsx-invalid": _(
        "The spreadsheet is damaged. Open it, save it again as .xlsx, and try again."
    ),
    "key-numbers-from": _(
        "The keys of %(count)s questions are numbers, and nothing shows whether the first option is"
        " 0 or 1. Confirm each key, or write letters."
    ),
    "key-number-doubtful": _(
        "Item %(number)s: its key %(key)s is one of the options %(options)s, depending on whether"
        " the first is 0 or 1. Confirm the right one."
    ),
    "key-says-two": _(
        "Item %(number)s: its key “%(key)s” and what else marks the right option point to"
        " %(options)s. Confirm the right one."
    ),
    # JSON
    "json-invalid": _(
        "From here on this is no JSON: a comma, a bracket or a quotation mark is missing or too"
        " much. Export the file again, or mend it."
    ),
    "json-too-deep": _("The JSON is nested more than %(depth)s levels deep. Export it again."),
    "json-twice": _("%(path)s stands twice. Keep one of the two."),
    "json-not-ours": _(
        "This JSON is no bank and no procedure of ours. Its documents need “kind” and “items” or"
        " “sections”, as quizapp convert --to json writes them."
    ),
    "json-several": _("The file holds %(count)s documents. Put each into a file of its own."),
    "json-value": _("%(path)s is to be %(expected)s. Change it."),
    "json-missing": _("%(path)s is missing. Write it."),
    "json-unknown": _("%(path)s means nothing here and is left aside. Check its spelling."),
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
