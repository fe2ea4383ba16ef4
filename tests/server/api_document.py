# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""The document of the API as a judge: does an answer say what it may, and which requests does it forbid?"""
import base64
import copy
import hashlib
import json
import re

import jsonschema

from lib import ensure

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def tracker(ballot):
    """As it stands in addresses."""
    return base64.urlsafe_b64encode(hashlib.sha256(ballot).digest()).decode().rstrip("=")


class Operation:
    """One operation of the document."""

    def __init__(self, document, path, method, it):
        self.document, self.path, self.method = document, path, method.upper()
        self.id = it["operationId"]
        self.parameters = [document.resolve(p) for p in it.get("parameters", [])]
        self.responses = {status: document.resolve(r) for status, r in it["responses"].items()}
        self.body = document.resolve(it["requestBody"]) if "requestBody" in it else None

    def parameters_in(self, where):
        return [p for p in self.parameters if p["in"] == where]

    def address(self, values, query=""):
        """The path with these values, where there are some, else with the document's examples."""
        path = "/v1" + self.path
        for p in self.parameters_in("path"):
            path = path.replace("{" + p["name"] + "}", values.get(p["name"], p["schema"].get("example", "")))
        return path + query


class Document:
    def __init__(self, text):
        self.it = json.loads(text)
        self.resolver = jsonschema.RefResolver("", self.it)
        self.operations = [Operation(self, path, method, o) for path, item in self.it["paths"].items() for method, o in item.items()]

    def named(self, name):
        return next(o for o in self.operations if o.id == name)

    def resolve(self, it):
        while isinstance(it, dict) and "$ref" in it:
            it = self.resolver.resolve(it["$ref"])[1]
        return it

    def fits(self, schema, value, what):
        errors = list(jsonschema.Draft202012Validator(schema, resolver=self.resolver).iter_errors(value))
        ensure(not errors, f"{what}: {errors[0].message[:300] if errors else ''} at {list(errors[0].absolute_path) if errors else ''}")

    def lines_fit(self, schema, text, what):
        ensure(text == "" or text.endswith("\n"), f"{what}: a line without an end")
        for line in text.splitlines():
            self.fits(schema["x-line-schema"], json.loads(line), what)

    def matches(self, schema, value):
        return jsonschema.Draft202012Validator(schema, resolver=self.resolver).is_valid(value)

    def judge(self, operation, answer, what):
        """An answer to this operation is one that the document names: status, fields, type, and every member of its body."""
        response = operation.responses.get(str(answer.status))
        ensure(response, f"{what}: {answer.status} is not documented: {answer.body[:200]}")
        self.judge_fields(response, answer, what)
        content = response.get("content")
        if content is None or operation.method == "HEAD":
            return
        kind = answer.fields.get("content-type")
        ensure(kind in content, f"{what}: {answer.status} with the type {kind}")
        schema = content[kind]["schema"]
        if kind == "application/x-ndjson":
            self.lines_fit(schema, answer.body.decode(), what)
        elif kind.endswith("json"):
            self.fits(schema, json.loads(answer.body), f"{what}: {answer.status}")

    def judge_fields(self, response, answer, what):
        for name, header in response.get("headers", {}).items():
            value = answer.fields.get(name.lower())
            ensure(value is not None, f"{what}: {answer.status} without {name}")
            self.fits(self.resolve(header)["schema"], value, f"{what}: {name}")

    def judge_problem(self, path, answer, what):
        """An answer to what is no operation: a problem, and if the path is documented, one that its operations name."""
        self.fits(self.it["components"]["schemas"]["Problem"], json.loads(answer.body), what)
        ensure(answer.fields["content-type"] == "application/problem+json", f"{what}: no problem")
        ensure(answer.fields["api-version"] == self.it["info"]["version"], f"{what}: without the version")
        ensure(json.loads(answer.body)["status"] == answer.status, f"{what}: two statuses")
        for o in self.operations:
            if o.path == path:
                self.judge(o, answer, what)

    # ---- what it forbids ----

    def bad_numbers(self, schema):
        """Values of a parameter that is a whole number within limits."""
        yield from ("", "x", "-1", "1.5", "01", "1e3", "0x10", "%201", "1%20", "+1", "1,2", "null", "%00", "9" * 30)
        if "maximum" in schema:
            yield str(schema["maximum"] + 1)
        if schema.get("minimum", 0) > 0:
            yield str(schema["minimum"] - 1)

    def bad_segments(self, schema):
        """Values of a parameter in the path that its pattern forbids, as they are sent."""
        for sent, meant in (("x", "x"), ("x" * 300, "x" * 300), ("%C3%A9", "é"), ("%20", " "), ("%22", '"'), ("..%2F..", "../.."), ("%2E%2E", ".."),
                            ("%00", "\0"), ("%FF", "\xff"), ("%", "%"), ("%zz", "%zz"), ("a%2Fb", "a/b"), ("a;b=c", "a;b=c"), ("*", "*"),
                            ("$ref", "$ref"), ("'%20OR%201=1", "' OR 1=1"), ("-1", "-1"), ("null", "null"), ("=" * 43, "=" * 43)):
            if not re.search(schema["pattern"], meant):
                yield sent

    def bad_bodies(self, schema, right):
        """Bodies that the schema forbids: of each object and list of a right one, a member less, one more, another type."""
        for make in changes(right):
            body = make(copy.deepcopy(right))
            if not self.matches(schema, body):
                yield compact(body)
        for text in (b"", b"null", b"[]", b"{}", b"0", b'""', b"{", b"\xff\xfe", compact(right)[:-1], compact(right) + b" ", compact(right) + b"{}", b"[" * 5000,
                     b" " + compact(right), compact(right).replace(b'":', b'": ', 1)):
            yield text


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def places(value, path=()):
    """Paths of everything in it; of a list, only the first item's."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], path + (key,))
    elif isinstance(value, list) and value:
        yield from places(value[0], path + (0,))


def changes(right):
    """Functions that each change one thing of a deep copy."""

    def at(path, change):
        def make(body):
            if not path:
                return change(body)
            parent = body
            for key in path[:-1]:
                parent = parent[key]
            parent[path[-1]] = change(parent[path[-1]])
            return body

        return make

    def without(key):
        return lambda it: {k: v for k, v in it.items() if k != key}

    for path in places(right):
        value = right
        for key in path:
            value = value[key]
        if isinstance(value, dict):
            for key in value:
                yield at(path, without(key))
            yield at(path, lambda it: {**it, "more": 1})
            yield at(path, lambda it: list(it.items()))
        elif isinstance(value, list):
            yield at(path, lambda it: [])
            yield at(path, lambda it: it + [None])
            yield at(path, lambda it: it * 3000)
        elif isinstance(value, int):
            for number in (2**32, 2**64, value + 0.5, str(value)):
                yield at(path, lambda it, number=number: number)
        else:
            yield at(path, str.swapcase)
            yield at(path, lambda it: "")
            yield at(path, lambda it: it + "%")
            yield at(path, lambda it: "-" + it)
        for other in (None, 1, -1, True, [], {}, "x", "é", 1.5):
            yield at(path, lambda it, other=other: other)
