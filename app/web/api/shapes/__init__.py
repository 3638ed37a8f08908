"""What goes over the wire: every request and response, from which the OpenAPI text is made."""
