from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/stay/", views.stay_signed_in, name="stay_signed_in"),
    path("accounts/language/", views.switch_language, name="set_language"),
]
