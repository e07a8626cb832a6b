"""The wording of problems with a file and its format: what is wrong, and what to do about it."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

FILE_MESSAGES: dict[str, LazyString] = {
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
    "id-reserved": _(
        "“%(id)s” is the address of a page of its own. Give it another id, or the file another"
        " name."
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
}
