"""Python packages that are dead or have moved: since when, what to use instead, and where it is said.

Keys are distributions normalised as in PEP 503. A package is listed when its authors or its page on PyPI say
that it is abandoned, deprecated or renamed, or when it has had no release for six years and does not run on
the Python of current Odoo. Checked 2025-11.
"""

from __future__ import annotations

from typing import NamedTuple


class Dead(NamedTuple):
    """``last`` is the year of the last release."""

    last: int
    instead: str
    source: str


DEAD: dict[str, Dead] = {
    "pycrypto": Dead(2013, "pycryptodome", "https://github.com/pycrypto/pycrypto/issues/173"),
    "pypdf2": Dead(2022, "pypdf", "https://pypi.org/project/PyPDF2/"),
    "pypdf3": Dead(2022, "pypdf", "https://pypi.org/project/PyPDF3/"),
    "pypdf4": Dead(2018, "pypdf", "https://pypi.org/project/PyPDF4/"),
    "suds": Dead(2010, "zeep", "https://pypi.org/project/suds/0.4/"),
    "suds-jurko": Dead(2014, "zeep", "https://pypi.org/project/suds-jurko/"),
    "suds-py3": Dead(2021, "zeep", "https://pypi.org/project/suds-py3/"),
    "xlwt": Dead(2017, "XlsxWriter or openpyxl", "https://github.com/python-excel/xlwt"),
    "xlutils": Dead(2016, "openpyxl", "https://pypi.org/project/xlutils/"),
    "pysftp": Dead(2016, "paramiko", "https://pypi.org/project/pysftp/"),
    "vatnumber": Dead(2013, "python-stdnum", "https://pypi.org/project/vatnumber/"),
    "pyldap": Dead(2019, "python-ldap", "https://pypi.org/project/pyldap/"),
    "beautifulsoup": Dead(2012, "beautifulsoup4", "https://pypi.org/project/BeautifulSoup/"),
    "mysql-python": Dead(2014, "mysqlclient", "https://pypi.org/project/MySQL-python/"),
    "nose": Dead(2015, "pytest", "https://nose.readthedocs.io/en/latest/"),
    "oauth": Dead(2009, "oauthlib", "https://pypi.org/project/oauth/"),
    "oauth2": Dead(2015, "oauthlib", "https://pypi.org/project/oauth2/"),
    "oauth2client": Dead(2018, "google-auth", "https://github.com/googleapis/oauth2client"),
    "gdata": Dead(2013, "google-api-python-client", "https://pypi.org/project/gdata/"),
    "boto": Dead(2018, "boto3", "https://github.com/boto/boto"),
    "adal": Dead(2021, "msal", "https://github.com/AzureAD/azure-activedirectory-library-for-python"),
    "azure": Dead(2019, "the azure-* package of the service", "https://pypi.org/project/azure/"),
    "ibm-db-sa-py3": Dead(2013, "ibm-db-sa", "https://pypi.org/project/ibm-db-sa-py3/"),
    "fuzzywuzzy": Dead(2020, "thefuzz or rapidfuzz", "https://github.com/seatgeek/fuzzywuzzy"),
    "python-levenshtein-wheels": Dead(2020, "levenshtein", "https://pypi.org/project/python-levenshtein-wheels/"),
    "raven": Dead(2018, "sentry-sdk", "https://github.com/getsentry/raven-python"),
    "pycurl2": Dead(2011, "pycurl", "https://pypi.org/project/pycurl2/"),
    "pyfpdf": Dead(2018, "fpdf2", "https://github.com/reingart/pyfpdf"),
    "pypoppler": Dead(2011, "python-poppler", "https://pypi.org/project/pypoppler/"),
    "pisa": Dead(2012, "xhtml2pdf", "https://pypi.org/project/pisa/"),
    "pybarcode": Dead(2014, "python-barcode", "https://pypi.org/project/pyBarcode/"),
    "viivakoodi": Dead(2016, "python-barcode", "https://pypi.org/project/viivakoodi/"),
    "pyqrcode": Dead(2016, "qrcode or segno", "https://pypi.org/project/PyQRCode/"),
    "unicodecsv": Dead(2015, "the csv module", "https://pypi.org/project/unicodecsv/"),
    "ipaddr": Dead(2017, "the ipaddress module", "https://pypi.org/project/ipaddr/"),
    "enum34": Dead(2020, "the enum module", "https://pypi.org/project/enum34/"),
    "simple-crypt": Dead(2013, "cryptography", "https://pypi.org/project/simple-crypt/"),
    "slackclient": Dead(2021, "slack-sdk", "https://github.com/slackapi/python-slack-sdk"),
    "facebookads": Dead(2018, "facebook-business", "https://pypi.org/project/facebookads/"),
    "elementtree": Dead(2006, "xml.etree", "https://pypi.org/project/elementtree/"),
    "cchardet": Dead(2021, "chardet or faust-cchardet", "https://github.com/PyYoshi/cChardet"),
    "pdfkit": Dead(2021, "weasyprint or Odoo's own report engine", "https://github.com/JazzCore/python-pdfkit"),
    "zeep-adv": Dead(2017, "zeep", "https://pypi.org/project/zeep-adv/"),
    "pysimplesoap": Dead(2016, "zeep", "https://pypi.org/project/PySimpleSOAP/"),
    "soappy": Dead(2014, "zeep", "https://pypi.org/project/SOAPpy/"),
    "erppeek": Dead(2016, "odooly or odoorpc", "https://pypi.org/project/ERPpeek/"),
    "oerplib": Dead(2014, "odoorpc", "https://pypi.org/project/OERPLib/"),
    "pypiwin32": Dead(2018, "pywin32", "https://pypi.org/project/pypiwin32/"),
    "pathlib2": Dead(2022, "the pathlib module", "https://pypi.org/project/pathlib2/"),
}  # fmt: skip
