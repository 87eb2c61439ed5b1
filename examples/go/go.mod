module follow

go 1.19
