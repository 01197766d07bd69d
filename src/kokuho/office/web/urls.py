"""The addresses of the office. They hold no name and no number that stands on a paper."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.generic import RedirectView

from kokuho.office.web.views.arrears import arrears, arrears_foreign
from kokuho.office.web.views.arrears_household import arrears_household
from kokuho.office.web.views.bureau import bureau, bureau_new
from kokuho.office.web.views.bureau_case import bureau_case, bureau_sheet
from kokuho.office.web.views.counter import prepayment_pay
from kokuho.office.web.views.debit_offer import debit_offer
from kokuho.office.web.views.departures import departure, departures
from kokuho.office.web.views.household import household
from kokuho.office.web.views.linkage import (
    linkage,
    linkage_batch,
    linkage_limits,
    linkage_person,
)
from kokuho.office.web.views.pensions import pensions
from kokuho.office.web.views.prepayment import prepayment, prepayment_decision
from kokuho.office.web.views.printing import (
    printing,
    printing_batch,
    printing_file,
    printing_new,
)
from kokuho.office.web.views.refunds import refund, refund_ask, refunds
from kokuho.office.web.views.search import search
from kokuho.office.web.views.settling import suspense_cancelled
from kokuho.office.web.views.sharing import sharing, sharing_list
from kokuho.office.web.views.sign_in import SignIn
from kokuho.office.web.views.suspense import suspense, suspense_release

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="search"), name="home"),
    path("sign-in", SignIn.as_view(), name="sign_in"),
    path("sign-out", LogoutView.as_view(), name="sign_out"),
    path("search", search, name="search"),
    path("prepayment/", prepayment, name="prepayment"),
    path("pensions/", pensions, name="pensions"),
    path("suspense/", suspense, name="suspense"),
    path("<slug:insurer>/suspense/<int:pk>", suspense_release, name="suspense_release"),
    path(
        "<slug:insurer>/suspense/cancelled/<int:pk>",
        suspense_cancelled,
        name="suspense_cancelled",
    ),
    path("refunds/", refunds, name="refunds"),
    path("<slug:insurer>/refunds/<int:pk>", refund, name="refund"),
    path("<slug:insurer>/overpayments/<int:pk>/<slug:component>", refund_ask, name="refund_ask"),
    path("departures/", departures, name="departures"),
    path("printing/", printing, name="printing"),
    path("<slug:insurer>/printing/new", printing_new, name="printing_new"),
    path("<slug:insurer>/printing/<int:pk>", printing_batch, name="printing_batch"),
    path("<slug:insurer>/printing/<int:pk>/<str:name>", printing_file, name="printing_file"),
    path("linkage/", linkage, name="linkage"),
    path("<slug:insurer>/linkage/batches/<int:number>", linkage_batch, name="linkage_batch"),
    path("<slug:insurer>/linkage/limits/<int:number>", linkage_limits, name="linkage_limits"),
    path("<slug:insurer>/linkage/persons/<int:pk>", linkage_person, name="linkage_person"),
    path("arrears/", arrears, name="arrears"),
    path("<slug:insurer>/arrears/foreign", arrears_foreign, name="arrears_foreign"),
    path("bureau/", bureau, name="bureau"),
    path("<slug:insurer>/bureau/new", bureau_new, name="bureau_new"),
    path("<slug:insurer>/bureau/<int:number>", bureau_case, name="bureau_case"),
    path("<slug:insurer>/bureau/<int:number>/sheet", bureau_sheet, name="bureau_sheet"),
    path("sharing/", sharing, name="sharing"),
    path("<slug:insurer>/sharing/<int:number>", sharing_list, name="sharing_list"),
    path("<slug:insurer>/households/<int:pk>", household, name="household"),
    path(
        "<slug:insurer>/households/<int:pk>/arrears",
        arrears_household,
        name="arrears_household",
    ),
    path(
        "<slug:insurer>/households/<int:pk>/prepayment/<int:year>",
        prepayment_decision,
        name="prepayment_decision",
    ),
    path(
        "<slug:insurer>/households/<int:pk>/prepayment/<int:year>/pay",
        prepayment_pay,
        name="prepayment_pay",
    ),
    path("<slug:insurer>/households/<int:pk>/debit-offer", debit_offer, name="debit_offer"),
    path(
        "<slug:insurer>/households/<int:pk>/departure/<int:payer>",
        departure,
        name="departure",
    ),
]

handler403 = "kokuho.office.web.views.failures.forbidden"
handler404 = "kokuho.office.web.views.failures.not_found"
handler500 = "kokuho.office.web.views.failures.failed"
