"""What addresses of the page may say is what the reference says."""

import re

from tests.house.pages import rows, section
from tests.house.paths import ROOT

READ = re.compile(r'\b(?:search|params)\.(?:get|getAll|has)\("(\w+)"\)')
SIGNING_IN = {"next"}
"""Where to go after signing in is nobody's to write."""


def test_every_parameter_of_an_address_is_documented() -> None:
    sources = [path for path in (ROOT / "web" / "src").rglob("*.ts*") if ".test." not in path.name]
    read = {name for path in sources for name in READ.findall(path.read_text("utf-8"))} - SIGNING_IN
    told = " ".join(cell for row in rows(section("web-page.md", "Addresses"), "address") for cell in row)
    assert read == {name.partition("=")[0] for name in re.findall(r"`([a-z]+(?:=[a-z]+)?)`", told)} - {"day", "week"}
