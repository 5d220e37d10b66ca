// Package rfb is a viewer without a window for the programs that Impero is compared with: the Remote Framebuffer
// protocol 3.8 (RFC 6143 and the community's extensions of it), which VNC servers speak. It decodes every pixel that it
// is sent into a frame, with the JPEG codec that a Guest uses, so that what it costs and when it is done can be compared
// with a Guest.
//
// A server is not trusted: every length has a limit before memory is taken for it, and what does not fit the protocol
// ends the session with an error.
//
// A Conn is read by one goroutine; Key may be called by another.
package rfb
