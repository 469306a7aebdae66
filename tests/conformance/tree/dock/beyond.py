from .... import beyond
