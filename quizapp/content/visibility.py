"""Which procedures somebody may read: no draft, and none that is for other teams.

The conditions are SQL text about the table `procedure`, built once into the queries that need
them.
"""

from quizapp.people import audience

# Of the bound `viewer`; a draft is for trainers, who write.
READABLE = (
    f"((NOT procedure.draft OR {audience.IS_TRAINER})"
    f" AND {audience.visible('procedure', 'procedure.slug')})"
)
# Of the people of the bound `team`.
TEAM_READABLE = f"(NOT procedure.draft AND {audience.for_team('procedure', 'procedure.slug')})"
