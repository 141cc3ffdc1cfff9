module github.com/cog-auth/cog-auth/bindings/go

go 1.24
