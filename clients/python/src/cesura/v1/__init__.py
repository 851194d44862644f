"""Messages of the API, made from proto/cesura/v1 by `generate`."""
