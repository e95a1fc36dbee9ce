"""Pushes documents to Touchstone with nothing but Python's standard library.

    TOUCHSTONE_URL=http://127.0.0.1:7400 TOUCHSTONE_KEY=ts_... python3 push.py
"""

import json
import os
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ.get("TOUCHSTONE_URL", "http://127.0.0.1:7400")
KEY = os.environ.get("TOUCHSTONE_KEY")  # a key with the role push; none is needed on an open loopback server


def call(method, path, body=None, headers=None):
    """Returns the answer; raises with the problem's text when there is one."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data=data, method=method)
    if body is not None:
        request.add_header("content-type", "application/json")
    if KEY:
        request.add_header("authorization", "Bearer " + KEY)
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            text = response.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        problem = json.loads(error.read())
        raise RuntimeError(f"{problem['code']}: {problem['detail']}") from error


def document_path(document, wait=False):
    path = "/v1/documents/" + urllib.parse.quote(document, safe="")
    return path + ("?wait=true" if wait else "")


# One document, and wait until it can be searched. Without "acl" nobody would read it.
ticket = {
    "title": "Ticket 4711",
    "text": "The spare pump of line 3 was replaced on 12 May 2026.",
    "metadata": {"status": "closed"},
    "acl": {"all": [{"any": ["group:service", "everyone"]}]},
}
first = call("PUT", document_path("tickets:4711", wait=True), ticket)
print(first["outcome"], first["state"])

# The same again changes nothing; another acl counts at the next query and reads nothing again.
print(call("PUT", document_path("tickets:4711"), ticket)["outcome"])
ticket["acl"]["deny"] = ["user:guest"]
updated = call("PUT", document_path("tickets:4711"), ticket, {"if-match": '"' + first["revision"] + '"'})
print(updated["outcome"])

# Many at once: one answer for each, in order; what fails leaves the others alone.
answer = call("POST", "/v1/documents/bulk?wait=true", [
    {"operation": "put", "document": "tickets:1", "text": "Line 1 stands still.", "acl": {"all": [{"any": ["everyone"]}]}},
    {"operation": "put", "document": "tickets:2"},
    {"operation": "delete", "document": "tickets:4711"},
])
for item in answer["items"]:
    print(item["document"], item.get("outcome") or item["error"]["code"])
