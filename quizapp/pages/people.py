"""The administrator's people and teams."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional

from quizapp import clock
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid, Missing
from quizapp.pages.access import for_roles, me
from quizapp.pages.wording import ROLE_NAMES
from quizapp.people import access, teams
from quizapp.people.models import Team, User

bp = Blueprint("people", __name__, url_prefix="/admin")


class PersonForm(FlaskForm):
    """Who somebody is and where they belong."""

    name = StringField(_l("Name"), validators=[InputRequired(), Length(max=200)])
    role = SelectField(_l("Role"))
    employee_number = StringField(
        _l("Company number"),
        description=_l("Needed when the person has no e-mail."),
        validators=[Optional(), Length(max=60)],
    )
    email = StringField(_l("E-mail"), validators=[Optional(), Length(max=200)])
    teams = SelectMultipleField(
        _l("Teams"), description=_l("A manager leads these teams; anyone else belongs to one.")
    )

    def offer(self, all_teams: list[Team]) -> None:
        """Set what can be chosen."""
        self.role.choices = [SelectChoice(v, str(n)) for v, n in ROLE_NAMES.items()]
        self.teams.choices = [SelectChoice(t.public_id, t.name) for t in all_teams]

    def described(self) -> dict[str, str]:
        """What the form says of the person, as people.teams takes it."""
        fields = (self.name, self.role, self.employee_number, self.email)
        return {field.name: field.data or "" for field in fields}

    def chosen(self, all_teams: list[Team]) -> list[Team]:
        """The teams that were chosen."""
        return [team for team in all_teams if team.public_id in (self.teams.data or [])]


class TeamForm(FlaskForm):
    """A team's name."""

    team = StringField(_l("Name of the team"), validators=[InputRequired(), Length(max=200)])


@bp.get("/people")
@for_roles("admin")
def index() -> ResponseReturnValue:
    """Everyone, with their teams."""
    session = db.session()
    return render_template(
        "people/index.html",
        people=teams.everyone(session),
        belongs=teams.names_by_user(session),
        teams=teams.every_team(session),
        form=TeamForm(),
    )


@bp.post("/teams")
@for_roles("admin")
def add_team() -> ResponseReturnValue:
    """Add a team."""
    session = db.session()
    try:
        team = teams.add_team(
            session, request.form.get("team", ""), by=current_user.public_id, now=clock.now()
        )
        session.commit()
    except Invalid as error:
        stop_writing()
        flash(error.message, "danger")
    else:
        flash(gettext("Team %(name)s added.", name=team.name), "success")
    return redirect(url_for("people.index"), 303)


@bp.route("/people/new", methods=["GET", "POST"])
@for_roles("admin")
def add() -> ResponseReturnValue:
    """Add a person and show the code for their first sign-in."""
    session = db.session()
    form = PersonForm()
    all_teams = teams.every_team(session)
    form.offer(all_teams)
    status = 200
    if form.validate_on_submit():
        now, by = clock.now(), current_user.public_id
        try:
            user = teams.add_user(
                session,
                **form.described(),
                by=by,
                now=now,
            )
            teams.set_teams(session, user, form.chosen(all_teams), by=by, now=now)
            code = access.issue_code(session, user, by=me(), now=now)
            session.commit()
        except Invalid as error:
            stop_writing()
            if added := _just_added(form):
                flash(
                    gettext(
                        "%(name)s was added already, and the code was shown once. If it was not"
                        " written down, make another one here.",
                        name=added.name,
                    ),
                    "warning",
                )
                return redirect(url_for("people.edit", public_id=added.public_id), 303)
            form.form_errors.append(error.message)
            status = error.status
        else:
            return _code_page(user, code)
    elif request.method == "POST":
        status = 422
    return render_template("people/person.html", form=form, person=None), status


def _just_added(form: PersonForm) -> User | None:
    """The person whom this form has added before, where its page is loaded again.

    That is somebody of the same name and number or e-mail who has not signed in yet.
    """
    said = form.described()
    name, number, email = (said[key].strip() for key in ("name", "employee_number", "email"))
    for one in teams.here(db.session()):
        same = (one.employee_number or "", one.email or "") == (number, email.lower())
        if same and one.name == name and one.password_hash is None:
            return one
    return None


@bp.route("/people/<public_id>", methods=["GET", "POST"])
@for_roles("admin")
def edit(public_id: str) -> ResponseReturnValue:
    """Change a person."""
    session = db.session()
    user = teams.find_user(session, public_id)
    all_teams = teams.every_team(session)
    mine = [team.public_id for team in teams.teams_of(session, user)]
    form = PersonForm(obj=user, data={"teams": mine})
    form.offer(all_teams)
    status = 200
    if form.validate_on_submit():
        now, by = clock.now(), current_user.public_id
        try:
            teams.change_user(
                session,
                user,
                **form.described(),
                by=by,
                now=now,
            )
            teams.set_teams(session, user, form.chosen(all_teams), by=by, now=now)
            session.commit()
        except Invalid as error:
            stop_writing()
            form.form_errors.append(error.message)
            status = error.status
        else:
            flash(gettext("Saved."), "success")
            return redirect(url_for("people.index"), 303)
    elif request.method == "POST":
        status = 422
    return render_template(
        "people/person.html", form=form, person=teams.find_user(session, public_id)
    ), status


@bp.post("/people/<public_id>/code")
@for_roles("admin")
def code(public_id: str) -> ResponseReturnValue:
    """A one-time code, shown once."""
    session = db.session()
    user = teams.find_user(session, public_id)
    if user.left_at:
        raise Missing
    made = access.issue_code(session, user, by=me(), now=clock.now())
    session.commit()
    return _code_page(user, made)


@bp.post("/people/<public_id>/leave")
@for_roles("admin")
def leave(public_id: str) -> ResponseReturnValue:
    """Somebody leaves."""
    session = db.session()
    try:
        teams.leave(
            session, teams.find_user(session, public_id), by=current_user.public_id, now=clock.now()
        )
        session.commit()
    except Invalid as error:
        stop_writing()
        flash(error.message, "danger")
    return redirect(url_for("people.index"), 303)


@bp.post("/people/<public_id>/return")
@for_roles("admin")
def come_back(public_id: str) -> ResponseReturnValue:
    """Somebody who left returns; a code lets them set a new password."""
    session = db.session()
    user = teams.find_user(session, public_id)
    if not user.left_at:
        flash(
            gettext(
                "%(name)s is back already. If the code was not written down, make another one"
                " here.",
                name=user.name,
            ),
            "warning",
        )
        return redirect(url_for("people.edit", public_id=public_id), 303)
    now = clock.now()
    teams.come_back(session, user, by=current_user.public_id, now=now)
    made = access.issue_code(session, user, by=me(), now=now)
    session.commit()
    return _code_page(user, made)


def _code_page(person: User, made: str) -> str:
    return render_template(
        "people/code.html",
        person=person,
        code=made,
        days=access.CODE_LIFE.days,
        back=url_for("people.index"),
    )
