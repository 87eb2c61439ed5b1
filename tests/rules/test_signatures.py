"""Ed25519 in plain Python: the vectors of RFC 8032, and agreement with a library."""

import os
import random
from pathlib import Path

import pytest

from app.audit import signing
from app.audit.rules import chain
from app.audit.signing import Signer, make_signer, read_signer

VECTORS = [  # RFC 8032, section 7.1: secret, public, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard(secret, public, message, signature):
    secret, message = bytes.fromhex(secret), bytes.fromhex(message)
    signer = Signer(secret)
    assert signer.public_key == public
    assert signer.sign(message) == signature
    assert chain.is_signed_hex(public, message, signature)
    assert signing.is_signed_hex(public, message, signature)


def test_a_signature_is_good_for_one_message_and_one_key_only():
    secret, other = bytes(range(32)), bytes(range(1, 33))
    public, text = bytes.fromhex(Signer(secret).public_key), b"text"
    signature = bytes.fromhex(Signer(secret).sign(text))
    assert chain.is_signed(public, text, signature)
    assert not chain.is_signed(public, b"texu", signature)
    assert not chain.is_signed(bytes.fromhex(Signer(other).public_key), text, signature)
    for place in range(64):
        broken = bytearray(signature)
        broken[place] ^= 1
        assert not chain.is_signed(public, text, bytes(broken))
    grown = int.from_bytes(signature[32:], "little") + chain.ORDER
    assert not chain.is_signed(public, text, signature[:32] + grown.to_bytes(32, "little"))
    for wrong in (b"", b"\xff" * 64, signature[:63], signature + b"0"):
        assert not chain.is_signed(public, text, wrong)
    assert not chain.is_signed(b"\xff" * 32, text, signature)
    assert not chain.is_signed_hex("no hex", text, signature.hex())


def test_the_checker_agrees_with_the_library():
    source = random.Random(8032)
    for _ in range(20):
        signer, text = Signer(source.randbytes(32)), source.randbytes(source.randrange(200))
        signature = signer.sign(text)
        broken = f"{int(signature[0], 16) ^ 1:x}{signature[1:]}"
        for check in (chain.is_signed_hex, signing.is_signed_hex):
            assert check(signer.public_key, text, signature)
            assert not check(signer.public_key, text + b"0", signature)
            assert not check(signer.public_key, text, broken)
            assert not check(signer.public_key, text, "no hex")
            assert not check("ff", text, signature)


def test_the_key_is_a_file_of_its_owner(tmp_path):
    path = tmp_path / "deep" / "key"
    assert read_signer(path) is None
    made = make_signer(path)
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert read_signer(path).public_key == made.public_key
    with pytest.raises(FileExistsError):
        make_signer(path)
    assert Signer(made.secret).sign(b"text") == made.sign(b"text")
    path.write_text("ab")
    with pytest.raises(ValueError, match="32 bytes"):
        read_signer(path)


def test_the_script_of_a_bundle_needs_nothing_else():
    import ast
    import sys

    source = ast.parse(Path(chain.__file__).read_text())
    names = {
        (node.names[0].name if isinstance(node, ast.Import) else node.module).partition(".")[0]
        for node in ast.walk(source)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert names <= sys.stdlib_module_names
