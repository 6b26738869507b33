"""Exchange over EWS as source and destination, by way of exchangelib (MS-OXWS*)."""
