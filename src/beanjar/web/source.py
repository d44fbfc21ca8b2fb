"""What pages are made of, for whoever does not want to take it on trust."""

from litestar import Response

from beanjar.web.door import Call
from beanjar.web.interface import describe
from beanjar.web.inventory import list_licences, list_source
from beanjar.web.site import page, present
from beanjar.web.writing import write_page


@page("/source", "/source.json")
async def show_source(request: Call) -> Response[bytes]:
    """Show every file that pages load, with its SHA-256."""
    return present(request, list_source(), "source.html", lambda: {"door": str(request.base_url)})


@page("/licences", "/licences.json")
async def show_licences(request: Call) -> Response[bytes]:
    """Show the licences of this program and of what others wrote that is in its pages."""
    return present(request, list_licences(), "licences.html", dict)


@page("/api.html")
async def show_interface(request: Call) -> Response[bytes]:
    """Show what programs can ask of this node: the OpenAPI description, to be read."""
    interface = describe(request.app)
    return write_page(request, "api.html", {"interface": interface})
