#!/usr/bin/env python3
"""Verifies DSSE envelopes around in-toto Statements with openssl. Needs no gradus and no package.

usage: verify-attestation.py PUBLIC-KEY.pem FILE.intoto.jsonl
"""
import base64
import hashlib
import json
import subprocess
import sys
import tempfile

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"


def pre_authentication(kind, payload):
    """What is signed (DSSE, protocol.md): lengths in bytes, joined by spaces."""
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def is_good(public_key, signed, signature):
    text = subprocess.run(["openssl", "pkey", "-pubin", "-in", public_key, "-noout", "-text"], capture_output=True, check=True).stdout
    with tempfile.NamedTemporaryFile() as body, tempfile.NamedTemporaryFile() as sign:
        body.write(signed)
        body.flush()
        sign.write(signature)
        sign.flush()
        if b"ED25519" in text.upper():
            command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public_key, "-rawin", "-in", body.name, "-sigfile", sign.name]
        else:
            command = ["openssl", "dgst", "-sha256", "-verify", public_key, "-signature", sign.name, body.name]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    der = subprocess.run(["openssl", "pkey", "-pubin", "-in", sys.argv[1], "-outform", "DER"], capture_output=True, check=True).stdout
    key_id = hashlib.sha256(der).hexdigest()
    count = 0
    with open(sys.argv[2], encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            envelope = json.loads(line)
            payload = base64.b64decode(envelope["payload"], validate=True)
            if envelope["payloadType"] != PAYLOAD_TYPE:
                sys.exit(f"line {number}: the payload is of type {envelope['payloadType']}")
            signed = pre_authentication(PAYLOAD_TYPE, payload)
            ours = [entry for entry in envelope["signatures"] if entry["keyid"] == key_id]
            if not any(is_good(sys.argv[1], signed, base64.b64decode(entry["sig"], validate=True)) for entry in ours):
                sys.exit(f"line {number}: no good signature by {key_id}")
            statement = json.loads(payload)
            if statement["_type"] != STATEMENT_TYPE or not statement["subject"]:
                sys.exit(f"line {number}: no in-toto Statement")
            predicate = statement["predicate"]
            subjects = ", ".join(f"{s['name']} {next(iter(s['digest'].values()))[:12]}" for s in statement["subject"])
            approvers = ", ".join(a["person"] for a in predicate["approvals"]) or "nobody"
            print(f"{predicate['id']}: {subjects}; approved by {approvers}")
            count += 1
    print(f"{count} statements signed by {key_id}")


if __name__ == "__main__":
    main()
