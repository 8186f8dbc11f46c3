"""Route 53 of the local AWS: a calculated health check knows which ones it counts."""

from ministack.services import route53

_parse = route53._parse_health_check_config


def parse(element):
    """The children are texts of a list (HealthCheckConfig, ChildHealthChecks)."""
    config = _parse(element)
    children = route53._find(element, "ChildHealthChecks")
    if children is not None:
        config["ChildHealthChecks"] = [child.text for child in route53._findall(children, "ChildHealthCheck")]
    return config


def install():
    route53._parse_health_check_config = parse
