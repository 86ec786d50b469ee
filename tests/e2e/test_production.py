"""The system in production mode, serving https itself with a certificate made for the test."""

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.e2e.running import RunningSystem
from tests.fakes.production import OWN_SECRET

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """The three processes as a bank would start them, without a proxy."""
    folder = tmp_path_factory.mktemp("production")
    certificate, key = self_made(folder)
    system = RunningSystem(
        folder,
        ENVIRONMENT="production",
        SECRET_KEY=OWN_SECRET,
        SITE_TOKEN_KEYS=f'{{"site": "{OWN_SECRET}"}}',
        VAULT_KEYS=f'{{"2026": "{OWN_SECRET}"}}',
        SMS="none",
        TLS_CERT_FILE=str(certificate),
        TLS_KEY_FILE=str(key),
    )
    with system.running():
        yield system


def self_made(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem = serialization.PrivateFormat.PKCS8
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, pem, serialization.NoEncryption()))
    return files


def trusting(system: RunningSystem) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=system.settings["TLS_CERT_FILE"])


def test_a_customer_is_answered_over_https(production: RunningSystem) -> None:
    with httpx.Client(base_url=production.url, verify=trusting(production), timeout=20) as http:
        assert http.get("/readyz").json() == {"database": True, "dialogue": True}
        session = http.post("/api/chat/sessions").json()["session"]
        said = http.post(
            "/api/chat/messages",
            json={"client_message_id": "1", "text": "信用卡年费怎么才能免"},
            headers={"Authorization": f"Bearer {session}"},
        ).json()
        assert "年费" in said["messages"][-1]["text"]
        assert http.get("/").status_code == httpx.codes.NOT_FOUND  # no demo page


def test_nothing_is_served_without_encryption(production: RunningSystem) -> None:
    with pytest.raises(httpx.HTTPError):
        httpx.get(production.url.replace("https:", "http:") + "/healthz")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_nobody_is_served_by_an_outdated_protocol(production: RunningSystem) -> None:
    client = trusting(production)
    client.set_ciphers("ALL:@SECLEVEL=0")  # a client that would still speak the old ones
    client.minimum_version = ssl.TLSVersion.TLSv1
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    assert httpx.get(f"{production.url}/healthz", verify=client).is_success
    client.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(httpx.TransportError) as refused:
        httpx.get(f"{production.url}/healthz", verify=client)
    assert "NO_PROTOCOLS_AVAILABLE" not in str(refused.value)  # it is the server that refused
