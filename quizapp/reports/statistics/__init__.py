"""Item analysis, pure: from marks to figures about items and quizzes.

`analysis.analyse` makes all of it; docs/item-analysis.md tells what each figure is.
"""
