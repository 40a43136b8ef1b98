"""Python packages: which import comes from which distribution, and what Odoo itself brings along.

``ODOO`` is read off ``requirements.txt`` of the Odoo branches (11.0 to 19.0) and the imports of Odoo's own
modules; as installed packages stay around for longer than they are listed, ranges are wide. Names are
normalised as in PEP 503. Checked 2025-11.
"""

from __future__ import annotations

import re
import sys

ODOO: dict[str, tuple[float, float]] = {
    # distribution: first and last series whose requirements hold it
    "asn1crypto": (16, 99), "babel": (8, 99), "cbor2": (18, 99),
    "certifi": (8, 99), "chardet": (8, 99), "cryptography": (13, 99),
    "decorator": (8, 18), "docutils": (8, 99), "ebaysdk": (8, 15), "feedparser": (8, 14),
    "freezegun": (13, 99), "gdata": (8, 9), "geoip2": (17, 99), "gevent": (8, 99),
    "greenlet": (8, 99), "html2text": (8, 15),
    "idna": (8, 99), "jinja2": (8, 99), "libsass": (11, 99), "lxml": (8, 99), "lxml-html-clean": (17, 99),
    "mako": (8, 14), "markupsafe": (8, 99), "mock": (8, 14), "num2words": (10, 99), "ofxparse": (9, 99),
    "openpyxl": (17, 99), "passlib": (8, 99), "pillow": (8, 99), "polib": (13, 99), "psutil": (8, 99),
    "psycopg2": (8, 99), "pydot": (8, 15), "pyldap": (10, 13), "pyopenssl": (12, 99), "pyparsing": (8, 14),
    "pypdf": (18, 99), "pypdf2": (8, 99), "pyserial": (8, 99), "python-dateutil": (8, 99),
    "python-ldap": (8, 99), "python-magic": (17, 99), "python-stdnum": (12, 99), "pytz": (8, 99),
    "pyusb": (8, 99), "pyyaml": (8, 11), "qrcode": (8, 99), "reportlab": (8, 99), "requests": (8, 99),
    "rjsmin": (16, 99), "setuptools": (8, 99), "simplejson": (8, 9), "six": (8, 99),
    "suds-jurko": (8, 12), "unittest2": (8, 9), "urllib3": (8, 99),
    "vatnumber": (8, 12), "vobject": (8, 99), "werkzeug": (8, 99), "xlrd": (8, 99), "xlsxwriter": (8, 99),
    "xlwt": (8, 99), "zeep": (12, 99),
}  # fmt: skip
_IMPORTS = """
Bio biopython
accept_language parse-accept-language
Crypto pycryptodome pycrypto
Cryptodome pycryptodomex
Levenshtein levenshtein python-levenshtein
MySQLdb mysqlclient
OpenSSL pyopenssl
PIL pillow
Xero pyxero
Xlib python-xlib
attr attrs
barcode python-barcode
bs4 beautifulsoup4
bson pymongo
cups pycups
cv2 opencv-python opencv-python-headless
dateutil python-dateutil
dbus dbus-python
decouple python-decouple
discord discord-py
dns dnspython
docx python-docx
dotenv python-dotenv
engineio python-engineio
escpos python-escpos
fitz pymupdf
fpdf fpdf2 fpdf pyfpdf
gi pygobject
git gitpython
googleapiclient google-api-python-client
gridfs pymongo
grpc grpcio
jks pyjks
jose python-jose
jwt pyjwt
intuitlib intuit-oauth
ldap python-ldap pyldap
magic python-magic
mt940 mt-940
nacl pynacl
odf odfpy
onelogin python3-saml
openid python3-openid
paho paho-mqtt
pkg_resources setuptools
pptx python-pptx
psycopg2 psycopg2 psycopg2-binary
py3o py3o-template py3o-formats
pythoncom pywin32 pypiwin32
rest_framework djangorestframework
sass libsass
serial pyserial
shopify shopifyapi
skimage scikit-image
sklearn scikit-learn
slugify python-slugify awesome-slugify
snowflake snowflake-connector-python
socketio python-socketio
socks pysocks
sp_api python-amazon-sp-api
square squareup
stdnum python-stdnum
suds suds-jurko suds-py3 suds-community suds
telebot pytelegrambotapi
telegram python-telegram-bot
usb pyusb
voicent voicent-python
websocket websocket-client
win32api pywin32 pypiwin32
win32com pywin32 pypiwin32
win32con pywin32 pypiwin32
win32print pywin32 pypiwin32
xmlsec xmlsec python-xmlsec
yaml pyyaml
zmq pyzmq
zxcvbn zxcvbn zxcvbn-python
"""
IMPORTS = {name: tuple(rest) for name, *rest in (line.split() for line in _IMPORTS.strip().splitlines())}
"""Import names and the distributions that provide them, where the two differ."""
BROUGHT: dict[str, tuple[str, ...]] = {
    # distribution: what else its users import because it always comes along
    "boto3": ("botocore", "s3transfer"),
    "fastapi": ("starlette", "pydantic"),
    "google-api-python-client": ("google", "httplib2"),
    "pandas": ("numpy",),
    "scikit-learn": ("numpy", "scipy", "joblib"),
    "matplotlib": ("numpy",),
    "opencv-python": ("numpy",),
    "py3o-template": ("genshi",),
    "pyhanko": ("pyhanko-certvalidator",),
    "pywebpush": ("py-vapid",),
}
PYTHON2 = frozenset(
    (
        "StringIO cStringIO cPickle urllib2 urlparse ConfigParser httplib cookielib Queue HTMLParser "
        "xmlrpclib commands exceptions md5 sha sets __builtin__ BaseHTTPServer SocketServer "
        "SimpleXMLRPCServer Cookie thread dummy_thread copy_reg htmlentitydefs robotparser"
    ).split()
)
"""Standard modules of Python 2: their import is an error of its own, no missing package."""
REMOVED = frozenset(
    (
        "asynchat asyncore distutils imp smtpd aifc audioop cgi cgitb chunk crypt imghdr mailcap msilib nis "
        "nntplib ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib lib2to3 parser symbol formatter"
    ).split()
)
"""Standard modules which newer Pythons no longer have."""
STANDARD = (
    frozenset(sys.stdlib_module_names) | PYTHON2 | REMOVED | {"odoo", "openerp", "addons", "__future__"}
)


def normalised(name: str) -> str:
    """A distribution's name as PEP 503 compares it, without version, extras or markers."""
    bare = re.split(r"[\s<>=!~;\[(@]", name.strip(), maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", bare).lower()


def distributions(module: str) -> tuple[str, ...]:
    """The distributions that may provide a top-level module; its own name when nothing else is known."""
    return IMPORTS.get(module, (normalised(module),))


def comes_with_odoo(distribution: str, series: float) -> bool:
    """Whether Odoo of a series requires the distribution itself (any series when it is unknown)."""
    first, last = ODOO.get(distribution, (0.0, 0.0))
    return first <= series <= last if series else last > 0
