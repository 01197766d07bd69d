"""Sign-in by name and password. The second factor will come between it and the office."""

from __future__ import annotations

from django.contrib.auth.views import LoginView


class SignIn(LoginView):
    """The page of sign-in; who is signed in already goes on to the office."""

    template_name = "office/sign_in.html"
    redirect_authenticated_user = True
