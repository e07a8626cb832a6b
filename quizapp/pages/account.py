"""Signing in and out, one-time codes, one's own settings."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Invalid, TooMany
from quizapp.pages import zones
from quizapp.pages.access import me, public, signed_in, visitor_of
from quizapp.pages.language import LOCALES, language
from quizapp.people import access, calendars
from quizapp.people.models import User
from quizapp.quiz import attempts

bp = Blueprint("account", __name__)
THEMES = ("light", "dark")


class SignInForm(FlaskForm):
    """Name and password."""

    identifier = StringField(
        _l("Company number or e-mail"), validators=[InputRequired(), Length(max=200)]
    )
    password = PasswordField(_l("Password"), validators=[InputRequired(), Length(max=200)])


class NewPasswordForm(FlaskForm):
    """A password to set, typed twice."""

    password = PasswordField(
        _l("New password"),
        description=_l("At least 10 characters. A short sentence is easy to remember."),
        validators=[InputRequired(), Length(max=200)],
    )
    again = PasswordField(
        _l("New password, once more"),
        validators=[InputRequired(), EqualTo("password", _l("The two are not the same."))],
    )


class CodeForm(NewPasswordForm):
    """A one-time code and the password to set with it."""

    identifier = StringField(
        _l("Company number or e-mail"), validators=[InputRequired(), Length(max=200)]
    )
    code = StringField(_l("One-time code"), validators=[InputRequired(), Length(max=30)])


class PasswordForm(NewPasswordForm):
    """The present password and the next."""

    old = PasswordField(_l("Present password"), validators=[InputRequired(), Length(max=200)])


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with company number or e-mail."""
    if current_user.is_authenticated:
        return redirect(url_for("home.index"), 303)
    form = SignInForm()
    status = 200
    if form.validate_on_submit():
        try:
            user = access.sign_in(
                db.session(),
                form.identifier.data or "",
                form.password.data or "",
                address=request.remote_addr or "",
                now=clock.now(),
            )
            db.session.commit()
        except TooMany as error:
            form.password.errors = [error.message]
            status = error.status
        else:
            if user:
                _begin(user)
                return redirect(_local(request.args.get("next")), 303)
            form.password.errors = [gettext("Name or password is not right.")]
            status = 422
    elif request.method == "POST":
        status = 422
    return render_template("account/sign_in.html", form=form), status


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """Sign out; what was begun goes on elsewhere without asking."""
    attempts.let_go(db.session(), current_user.id)
    db.session.commit()
    logout_user()
    session.clear()
    return redirect(url_for("account.sign_in"), 303)


@bp.route("/first-access", methods=["GET", "POST"])
@public
def redeem() -> ResponseReturnValue:
    """Set a password with a one-time code: the first time, or when it was forgotten."""
    form = CodeForm()
    status = 200
    if form.validate_on_submit():
        try:
            user = access.redeem_code(
                db.session(),
                form.identifier.data or "",
                form.code.data or "",
                form.password.data or "",
                address=request.remote_addr or "",
                now=clock.now(),
            )
            db.session.commit()
        except (TooMany, Invalid) as error:
            field = form.password if isinstance(error, Invalid) else form.code
            field.errors = [error.message]
            status = error.status
        else:
            if user:
                _begin(user)
                flash(gettext("Your password is set. Welcome."), "success")
                return redirect(url_for("home.index"), 303)
            form.code.errors = [
                gettext("Name or code is not right, or the code was used or has expired.")
            ]
            status = 422
    elif request.method == "POST":
        status = 422
    return render_template("account/redeem.html", form=form), status


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def settings() -> ResponseReturnValue:
    """One's own settings; the form changes the password."""
    form = PasswordForm()
    status = 200
    if form.validate_on_submit():
        user = me()
        try:
            access.change_password(
                db.session(), user, form.old.data or "", form.password.data or "", now=clock.now()
            )
            db.session.commit()
        except Invalid as error:
            db.session.rollback()
            form.old.errors = [error.message]
            status = error.status
        else:
            _begin(user)
            flash(gettext("Your password was changed. Other sessions have ended."), "success")
            return redirect(url_for("account.settings"), 303)
    elif request.method == "POST":
        status = 422
    return render_template(
        "account/settings.html", form=form, zones=zones.offered(language()), own=zones.own()
    ), status


@bp.post("/account/zone")
@signed_in
def choose_zone() -> ResponseReturnValue:
    """Choose the time zone one lives by."""
    try:
        calendars.set_zone(db.session(), me(), request.form.get("zone", ""), now=clock.now())
        db.session.commit()
    except Invalid as error:
        db.session.rollback()
        flash(error.message, "danger")
    else:
        flash(gettext("Your time zone was saved."), "success")
    return redirect(url_for("account.settings"), 303)


@bp.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Choose the language of the pages."""
    wanted = request.form.get("locale")
    if wanted in LOCALES:
        session["locale"] = wanted
        if current_user.is_authenticated:
            me().locale = wanted
            db.session.commit()
    return redirect(_local(request.form.get("next")), 303)


@bp.post("/theme")
@public
def choose_theme() -> ResponseReturnValue:
    """Choose light, dark or what the device says."""
    wanted = request.form.get("theme")
    session["theme"] = wanted if wanted in THEMES else None
    if current_user.is_authenticated:
        me().theme = session["theme"]
        db.session.commit()
    return redirect(_local(request.form.get("next")), 303)


def _begin(user: User) -> None:
    locale, theme = session.get("locale"), session.get("theme")
    session.clear()  # nothing of whoever sat here before
    session.permanent = True
    if locale:
        session["locale"] = locale
    if theme:
        session["theme"] = theme
    login_user(visitor_of(user))


def _local(target: str | None) -> str:
    """The target if it is a page of ours, else the home page."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")):
        parts = urlsplit(target)
        if not parts.scheme and not parts.netloc and "\\" not in target:
            return target
    return url_for("home.index")
