"""The command line: the only module that prints, colours or exits."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import click

from bundler import __version__
from bundler.errors import BundlerError
from bundler.report import Report
from bundler.terminal import TerminalReport, human


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="bundler")
def bundler() -> None:
    """Package a Python application into one file that any Python runs at once."""


@bundler.command(short_help="Build an app file.")
@click.argument("source", metavar="[SRC]", required=False, type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The app file to write.")
@click.option(
    "--with", "with_", metavar="REQUIREMENT", multiple=True, help="Bundle this requirement and what it needs (repeatable)."
)
@click.option(
    "-r", "--requirements", "requirement_files", metavar="FILE", multiple=True, type=click.Path(path_type=Path),
    help="Bundle what a requirements file lists (repeatable).",
)  # fmt: skip
@click.option(
    "--site-packages", metavar="DIR", type=click.Path(path_type=Path), help="Bundle an installed tree as it stands."
)
@click.option("-c", "--console-script", metavar="NAME", help="Start this console script.")
@click.option("-e", "--entry-point", metavar="MODULE[:CALLABLE]", help="Start this callable, or run this module.")
@click.option("--library", is_flag=True, help="Start nothing: the file is to be put on `sys.path`. So is a `.zip` without SRC.")
@click.option(
    "--inherit-path", type=click.Choice(["no", "fallback", "prefer"]), default="no", show_default=True,
    help="Let PYTHONPATH and site-packages reach the app: not, behind the bundle, or in front of it.",
)  # fmt: skip
@click.option(
    "--files", metavar="HOW", multiple=True,
    help="Code that opens files next to itself finds them where the build sees that it does (auto, the default), at every"
    " start (overlay), or never; PLACE=GLOB puts what matches in memory or on disk, later ones first (repeatable).",
)  # fmt: skip
@click.option(
    "-p", "--python", metavar="PYTHON",
    help="The Python for the `#!` line, as a version, command or path; where it runs here, dependencies and bytecode"
    " are for it.  [default: /usr/bin/env python3]",
)  # fmt: skip
@click.option(
    "--target", metavar="TARGET", multiple=True,
    help="Build for this Python and platform: 3.13, cp313-manylinux_2_28_x86_64, cp314t-win_amd64, current (repeatable).",
)  # fmt: skip
@click.option("--requires-python", metavar="SPEC", help="Build for all supported Pythons that satisfy this, such as '>=3.10'.")
@click.option(
    "--platform", metavar="TAG", multiple=True,
    help="With --requires-python or alone: build for this platform, such as musllinux_1_2_aarch64 (repeatable).",
)  # fmt: skip
@click.option(
    "--python-for", metavar="VERSION=PATH", multiple=True,
    help="The Python that makes the bytecode for a version, where it is not found (repeatable).",
)  # fmt: skip
@click.option("--universal", is_flag=True, help="Insist on one version of each distribution for all targets.")
@click.option(
    "--codec", type=click.Choice(["auto", "zstd", "zlib", "stored"]), default="auto", show_default=True,
    help="How to compress; auto takes zstd where every Python that the file is meant for decodes it natively.",
)  # fmt: skip
@click.option("--level", type=int, metavar="N", help="Compression level: 1 to 22 for zstd, 1 to 9 for zlib.")
@click.option(
    "--optimize", type=click.IntRange(0, 2), default=[0], show_default="0", multiple=True,
    help="Optimisation level of the bytecode (repeatable).",
)  # fmt: skip
@click.option(
    "--exclude", metavar="GLOB", multiple=True, help="Leave out files that match, of dependencies too (repeatable)."
)
@click.option(
    "--trace", metavar="ARGS", multiple=True,
    help="Start the app with these arguments, see what it imports, and lay the file out for that (repeatable)."
    " Nothing else in a build runs its code.",
)  # fmt: skip
@click.option(
    "--bytecode", type=click.Choice(["all", "traced", "none"]), default="all", show_default=True,
    help="Which modules have bytecode beside their source; others are compiled when they are imported.",
)  # fmt: skip
@click.option(
    "--lazy", metavar="PACKAGE", multiple=True,
    help="Have this package's imports be lazy on Python 3.15 and later (PEP 810), or `all` imports; see docs/lazy.md (repeatable).",
)  # fmt: skip
@click.option(
    "--native", type=click.Choice(["compressed", "mapped"]), default="compressed", show_default=True,
    help="How compiled code lies in the file: smaller, or as it is, so that on Linux it is mapped from there: loaded"
    " nearly as fast as if installed, in memory that processes share.",
)  # fmt: skip
@click.option("--no-source", "no_source", is_flag=True, help="Leave the sources out; bytecode of one Python stays.")
@click.option("--no-cache", "no_cache", is_flag=True, help="Neither use nor fill the build cache.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print decisions, and what the resolver says.")
def build(source, output, no_source, no_cache, quiet, verbose, **options) -> None:
    """Build SRC and what it requires into one app file.

    SRC is a directory of modules and packages, a project with a pyproject.toml,
    or a script, whose inline metadata is honoured. Without SRC the bundle holds
    requirements only.

    \b
    Examples:
      bundler build src/ -o app.pyz
      bundler build . -o tool.pyz
      bundler build tool.py -o tool.pyz
      bundler build --with httpie -c http -o http.pyz
    """
    # importing the pipeline takes longer than all of ``--help``
    from bundler.build import build as build_file

    report = Report() if quiet or sys.stderr is None else TerminalReport(sys.stderr, verbose)
    started = time.monotonic()
    try:
        built = build_file(source, output, sources=not no_source, cache=not no_cache, report=report, **options)
    finally:
        report.done()
    if not quiet:
        click.echo(
            "wrote `%s`: %s, %d modules, %s, %s" % (built.output, human(built.size), built.modules, built.codec, built.decoded_by)
        )
        if len(built.targets) > 1:
            click.echo("for %s" % ", ".join(built.targets))
        for each in built.differing:
            click.echo("differs between targets: %s" % each)
        if built.without_bytecode:
            click.echo("sources only, as no Python of their version is here: %s" % ", ".join(built.without_bytecode))
        for each in built.left_out:
            click.echo(each)
    if verbose and not quiet:
        # read from the file, as `bundler info` does
        from bundler import accounts, sizes

        report.detail("holds " + sizes.text(accounts.read(built.output)["sizes"]))
    report.detail("took %.1f s" % (time.monotonic() - started))


@bundler.command(
    short_help="Show where the time of a start goes.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("app", type=click.Path(path_type=Path))
@click.argument("arguments", metavar="[ARGS]...", nargs=-1, type=click.UNPROCESSED)
@click.option("-p", "--python", metavar="PYTHON", default=sys.executable, help="The Python to start it with.  [default: the one that runs this]")
@click.option("-n", "--top", type=click.IntRange(0), default=25, show_default=True, help="Show so many modules; 0 for all.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--html", metavar="FILE", type=click.Path(path_type=Path), help="Write a page with a waterfall, too, which opens from disk.")
def profile(app, arguments, python, top, as_json, html) -> None:
    """Start APP once, with ARGS, and show where its time goes, module by module.

    Options of this command stand before APP. What APP prints goes to standard
    error. Looking at the clock makes the start slower, by a microsecond for
    each thing noted.

    \b
    Examples:
      bundler profile app.pyz --version
      bundler profile --html start.html -p python3.13 app.pyz
    """
    import json

    from bundler.timing import measuring, modules, table
    from bundler.timing.page import page

    account = modules.account(measuring.watch(app, arguments, python))
    if html is not None:
        html.write_text(page(account), "utf-8")
        click.echo("wrote `%s`" % html, err=True)
    click.echo(json.dumps(table.data(account)) if as_json else table.table(account, top))


@bundler.command(short_help="Tell what an app file holds.")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def info(file: Path, as_json: bool) -> None:
    """Tell for which Pythons and platforms the app FILE is, and which distributions it holds, without running any of it."""
    from bundler import accounts

    account = accounts.read(file)
    click.echo(json.dumps(account, indent=2) if as_json else accounts.text(account))


def main() -> None:
    """Run the command line and exit.

    0 if all went well, 1 for an error, 2 for wrong usage, 130 for Ctrl-C. A
    reader that has gone away (a broken pipe) ends it quietly, with 1.
    """
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            # so that what is under way is cleaned up
            signal.signal(getattr(signal, name), lambda number, frame: sys.exit(128 + number))
    try:
        status = bundler.main(standalone_mode=False)
    except BundlerError as error:
        _print_error(error.message, error.hint)
        status = error.exit_code
    except click.exceptions.Exit as error:
        status = error.exit_code
    except click.UsageError as error:
        error.show(sys.stderr)
        status = 2
    except click.ClickException as error:
        _print_error(error.format_message(), None)
        status = 1
    except OSError as error:
        # what no stage foresees: a full directory for temporary files, a standard output that takes nothing
        name = "" if error.filename is None else "`%s`: " % error.filename
        _print_error("%s%s" % (name, error.strerror or error), None)
        status = 1
    except (click.Abort, KeyboardInterrupt):
        click.echo("\ninterrupted: nothing was written", err=True)
        status = 128 + signal.SIGINT
    sys.exit(status)


def _print_error(message: str, hint: str | None) -> None:
    click.echo("%s %s" % (click.style("error:", fg="red", bold=True), message), err=True)
    if hint:
        click.echo("\n%s %s" % (click.style("hint:", fg="cyan", bold=True), hint), err=True)
