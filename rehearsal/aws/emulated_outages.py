"""Outages of single services of the local AWS: while there is a file of its name in OUTAGES, a service answers 503."""

import os

from ministack.services import route53, s3

_NAMESPACES = {"s3": "", "route53": ' xmlns="https://route53.amazonaws.com/doc/2013-04-01/"'}


def switched(name, service):
    """"Service Unavailable" in the service's own form ("Error responses" of S3, "Common Errors" of Route 53)."""
    handle_request = service.handle_request
    file = os.path.join(os.environ["OUTAGES"], name)

    async def handle(method, path, headers, body, query_params, **more):
        if not os.path.exists(file):
            return await handle_request(method, path, headers, body, query_params, **more)
        return 503, {"Content-Type": "application/xml"}, b"" if method == "HEAD" else refusal(name)

    service.handle_request = handle


def refusal(name):
    error = "<Code>ServiceUnavailable</Code><Message>Service is unable to handle request.</Message>"
    if name == "s3":
        return f"<Error>{error}</Error>".encode()
    return f"<ErrorResponse{_NAMESPACES[name]}><Error><Type>Receiver</Type>{error}</Error></ErrorResponse>".encode()


def install():
    switched("s3", s3)
    switched("route53", route53)
