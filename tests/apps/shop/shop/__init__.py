"""A small web application with a template and a static file."""

from flask import Flask, render_template

app = Flask(__name__)


@app.route("/")
def goods():
    return render_template("goods.html", goods=["tea", "coffee & cake"])


@app.route("/broken")
def broken():
    return render_template("absent.html")
