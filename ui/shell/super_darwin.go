package shell

const superName = "Cmd"
