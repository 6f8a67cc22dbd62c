"""Prints the API's description as the application itself gives it, without starting a server.

The version is left out of it, so that a release alone changes nothing of what is made from it.
"""

import json
import sys
from typing import cast

from horarium.api.app import ROUTERS
from horarium.api.openapi import document
from horarium.api.route import Route


def main() -> int:
    routes = [cast("Route", route) for router in ROUTERS for route in router.routes]
    told = document(routes, version="v1", base_path="", cookie="horarium")
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
