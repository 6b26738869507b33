"""Requests to one Exchange server and its replies: HTTP, sign-in, SOAP, what its codes mean."""
