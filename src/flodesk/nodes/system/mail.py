"""E-mail."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, NoReturn

from flodesk.nodes._blocking import waited_for
from flodesk.nodes._disk import missing
from flodesk.nodes._network import Server, server, unanswered
from flodesk.public import Range, Unit, context, node

_PORTS = {"smtp": 587, "smtps": 465}


@node(
    title="Send e-mail",
    tags=("mail", "smtp", "message", "alarm", "notify", "notification", "report", "attachment"),
    pure=False,
)
def send_email(
    to: str,
    subject: str,
    body: str = "",
    server: str = "mail",
    sender: str = "",
    attachments: list[str] | None = None,
    timeout: Annotated[float, Unit("s"), Range(0.001)] = 30.0,
) -> int:
    """Send an e-mail.

    Parameters
    ----------
    to : str
        Who gets it: an address, or several with commas between.
    subject : str
        What it is about, in one line.
    body : str
        The text.
    server : str
        Name of a connection of the flow, or the address of a server: ``smtp://me:secret:NAME@smtp.example.org``, or
        ``smtps://`` where it speaks TLS from the beginning. A password is sent over TLS only, or to this computer.
    sender : str
        The address that it comes from; empty for the user of the server.
    attachments : list of str, optional
        Files that go along; relative names count from the folder of the flow.
    timeout : float
        How long the server may be silent, in s.

    Returns
    -------
    int
        Number of addresses that the server has taken it for.

    Raises
    ------
    OSError
        There is no such server, it does not take the mail, or a file is missing; the text says which.
    LookupError
        A secret is not here.
    ValueError
        An address or the subject makes no sense, or a password is written out.

    Examples
    --------
    >>> system.send_email("lab@example.org", "Oven 3 is hot", server="smtp://127.0.0.1:1", sender="oven@example.org")
    Traceback (most recent call last):
    ConnectionError: nothing answers at 127.0.0.1:1: see that the server is on, and check the port
    """
    place = _place(server)
    message, addresses = _message(to, subject, body, sender or place.user, attachments or [])
    hand_in = _HandIn(place, message, addresses, timeout)
    waited_for(hand_in.do, hand_in.end, "e-mail")
    return len(addresses)


def _place(name: str) -> Server:
    return server(name, _PORTS, "smtp://me:secret:NAME@smtp.example.org")


def _message(to: str, subject: str, body: str, sender: str, attachments: list[str]) -> tuple[Any, list[str]]:
    """Return the mail and the addresses that it goes to."""
    import mimetypes
    from email.message import EmailMessage
    from email.utils import formatdate, getaddresses, make_msgid

    addresses = [address for _, address in getaddresses([to])]
    for address in (*(addresses or [to]), sender):
        name, at, host = address.rpartition("@")
        if not (name and at and host) or any(sign.isspace() for sign in address):
            raise ValueError(f"{address!r} is no address of e-mail: write it as name@example.org")
    if len((subject or " ").splitlines()) > 1:
        raise ValueError("the subject has several lines: put all but the first into the body")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ", ".join(addresses), subject
    message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain="flodesk")
    message.set_content(body, cte="quoted-printable")  # not every server passes on more than ASCII
    for name in attachments:
        path = context().path(Path(name))
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise missing(path) from None
        kind = (mimetypes.guess_type(path.name)[0] or "application/octet-stream").split("/", 1)
        message.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=path.name)
    return message, addresses


class _HandIn:
    """One mail on its way to a server."""

    def __init__(self, place: Server, message: Any, addresses: list[str], timeout: float) -> None:
        self._place, self._message, self._addresses, self._timeout = place, message, addresses, timeout
        self._client: Any = None
        self._over = False

    def do(self) -> None:
        """Hand it in."""
        import smtplib

        try:
            with self._connected() as client:
                refused = {} if self._over else client.send_message(self._message, to_addrs=self._addresses)
        except (OSError, smtplib.SMTPException) as error:
            _explain(error, self._place, self._timeout)
        if refused:
            raise ConnectionError(f"{self._place.said} takes no mail for {', '.join(refused)}: check these addresses")

    def end(self) -> None:
        """Leave the server at once, whatever it is asked."""
        import socket

        self._over = True  # where it is not connected yet nothing is sent
        if self._client is not None and self._client.sock is not None:
            self._client.sock.shutdown(socket.SHUT_RDWR)

    def _connected(self) -> Any:
        """Return a client that is connected and logged in."""
        import smtplib
        import ssl

        place, safe = self._place, ssl.create_default_context()
        over_tls = place.scheme == "smtps"
        own = "[127.0.0.1]"  # by no name of its own: the look-up of that may take seconds
        client: Any = smtplib.SMTP(local_hostname=own, timeout=self._timeout)
        if over_tls:
            client = smtplib.SMTP_SSL(local_hostname=own, timeout=self._timeout, context=safe)
        client._host = place.host  # what TLS holds the certificate against: `connect` does not note it down
        self._client = client
        try:
            client.connect(place.host, place.port)
            client.ehlo()
            if not over_tls and client.has_extn("starttls"):
                client.starttls(context=safe)
                client.ehlo()
                over_tls = True
            place.keep_password(over_tls, "offers no TLS")
            if place.password:
                client.login(place.user, place.password)
        except BaseException:
            client.close()
            raise
        return client


def _explain(error: Exception, place: Server, timeout: float) -> NoReturn:
    """Say why a mail was not taken; what the server said itself may repeat a password and is left out."""
    import smtplib

    if isinstance(error, smtplib.SMTPAuthenticationError):
        raise PermissionError(f"{place.said} does not know {place.user} by this password: check both") from None
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        raise ConnectionError(
            f"{place.said} takes no mail for {', '.join(error.recipients)}: check the addresses, or log in"
        ) from None
    if isinstance(error, smtplib.SMTPSenderRefused):
        raise PermissionError(f"{place.said} takes no mail from {error.sender}: check the sender, or log in") from None
    if isinstance(error, smtplib.SMTPNotSupportedError):
        raise ConnectionError(f"{place.said} wants no password: leave user and password out of its address") from None
    if isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        if isinstance(error.__context__, TimeoutError):
            raise unanswered(error.__context__, place.said, timeout) or error from None
        raise ConnectionError(
            f"{place.said} broke off: see that it is a server for mail, and whether smtps:// is meant"
        ) from None
    if isinstance(error, smtplib.SMTPResponseException):
        raise ConnectionError(
            f"{place.said} does not take the mail (code {error.smtp_code}): ask who runs it"
        ) from None
    raise unanswered(error, place.said, timeout) or error from None
