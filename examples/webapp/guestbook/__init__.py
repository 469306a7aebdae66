"""A guest book that forgets when it stops."""

from flask import Flask, redirect, render_template, request

app = Flask(__name__)
guests = ["Ada", "Grace & Alan"]


@app.get("/")
def show():
    return render_template("guests.html", guests=guests)


@app.post("/")
def sign():
    guests.append(request.form["name"])
    return redirect("/")
