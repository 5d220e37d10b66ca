//go:build cgo

package video

/*
#cgo noescape vp8Encode
#cgo nocallback vp8Encode
#cgo noescape vp8Decode
#cgo nocallback vp8Decode
#include <stdlib.h>
#include <string.h>
#include <vpx/vpx_encoder.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vp8dx.h>
#include <libyuv.h>

typedef struct {
	vpx_codec_ctx_t ctx;
	vpx_codec_enc_cfg_t cfg;
	vpx_image_t img;
	vpx_codec_pts_t pts;
} vp8Encoder;

static void vp8FreeEncoder(vp8Encoder *e) {
	vpx_codec_destroy(&e->ctx);
	vpx_img_free(&e->img);
	free(e);
}

static vp8Encoder *vp8NewEncoder(int w, int h, int threads, int screen) {
	vp8Encoder *e = calloc(1, sizeof *e);
	if (!e)
		return NULL;
	vpx_codec_enc_cfg_t *c = &e->cfg;
	if (vpx_codec_enc_config_default(vpx_codec_vp8_cx(), c, 0) != VPX_CODEC_OK || !vpx_img_alloc(&e->img, VPX_IMG_FMT_I420, w, h, 16)) {
		free(e);
		return NULL;
	}
	c->g_w = w;
	c->g_h = h;
	c->g_threads = threads;
	c->g_timebase.num = 1;
	c->g_timebase.den = 60;
	c->g_lag_in_frames = 0;
	c->g_pass = VPX_RC_ONE_PASS;
	c->g_error_resilient = 0;
	c->kf_mode = VPX_KF_DISABLED;
	c->rc_end_usage = VPX_CBR;
	c->rc_target_bitrate = 100000;
	c->rc_min_quantizer = c->rc_max_quantizer = 20;
	c->rc_dropframe_thresh = 0;
	c->rc_resize_allowed = 0;
	if (vpx_codec_enc_init(&e->ctx, vpx_codec_vp8_cx(), c, 0) != VPX_CODEC_OK) {
		vpx_img_free(&e->img);
		free(e);
		return NULL;
	}
	vpx_codec_control(&e->ctx, VP8E_SET_CPUUSED, -14);
	vpx_codec_control(&e->ctx, VP8E_SET_STATIC_THRESHOLD, 1);
	vpx_codec_control(&e->ctx, VP8E_SET_SCREEN_CONTENT_MODE, screen);
	vpx_codec_control(&e->ctx, VP8E_SET_TOKEN_PARTITIONS, threads > 1 ? VP8_TWO_TOKENPARTITION : VP8_ONE_TOKENPARTITION);
	return e;
}

// vp8Encode gives the size of the frame and where it stands, or -1.
static long vp8Encode(vp8Encoder *e, const unsigned char *src, int stride, int rgbx, int key, int q, const unsigned char **out) {
	vpx_image_t *m = &e->img;
	unsigned char **p = m->planes;
	int *s = m->stride;
	if (rgbx)
		ABGRToJ420(src, stride, p[0], s[0], p[1], s[1], p[2], s[2], m->d_w, m->d_h);
	else
		ARGBToJ420(src, stride, p[0], s[0], p[1], s[1], p[2], s[2], m->d_w, m->d_h);
	if (q != (int)e->cfg.rc_min_quantizer) {
		e->cfg.rc_min_quantizer = e->cfg.rc_max_quantizer = q;
		if (vpx_codec_enc_config_set(&e->ctx, &e->cfg) != VPX_CODEC_OK)
			return -1;
	}
	if (vpx_codec_encode(&e->ctx, m, e->pts++, 1, key ? VPX_EFLAG_FORCE_KF : 0, VPX_DL_REALTIME) != VPX_CODEC_OK)
		return -1;
	vpx_codec_iter_t iter = NULL;
	const vpx_codec_cx_pkt_t *k;
	while ((k = vpx_codec_get_cx_data(&e->ctx, &iter)))
		if (k->kind == VPX_CODEC_CX_FRAME_PKT) {
			*out = k->data.frame.buf;
			return k->data.frame.sz;
		}
	return -1;
}

static vpx_codec_ctx_t *vp8NewDecoder(void) {
	vpx_codec_ctx_t *d = calloc(1, sizeof *d);
	if (d && vpx_codec_dec_init(d, vpx_codec_vp8_dx(), NULL, 0) != VPX_CODEC_OK) {
		free(d);
		return NULL;
	}
	return d;
}

static void vp8FreeDecoder(vpx_codec_ctx_t *d) {
	vpx_codec_destroy(d);
	free(d);
}

// vp8Decode gives 0 if data was one frame of w by h and is painted.
static int vp8Decode(vpx_codec_ctx_t *d, const unsigned char *data, int size, unsigned char *dst, int stride, int w, int h, int rgbx) {
	int corrupt = 0;
	if (vpx_codec_decode(d, data, size, NULL, 0) != VPX_CODEC_OK)
		return -1;
	if (vpx_codec_control(d, VP8D_GET_FRAME_CORRUPTED, &corrupt) != VPX_CODEC_OK || corrupt)
		return -1;
	vpx_codec_iter_t iter = NULL;
	vpx_image_t *m = vpx_codec_get_frame(d, &iter);
	if (!m || (int)m->d_w != w || (int)m->d_h != h || m->fmt != VPX_IMG_FMT_I420)
		return -1;
	unsigned char **p = m->planes;
	int *s = m->stride;
	if (rgbx)
		return J420ToABGR(p[0], s[0], p[1], s[1], p[2], s[2], dst, stride, w, h);
	return J420ToARGB(p[0], s[0], p[1], s[1], p[2], s[2], dst, stride, w, h);
}
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"impero/core/picture"
	"impero/core/screen"
)

// vp8Encoder is libvpx at its fastest for a picture that does not wait.
type vp8Encoder struct {
	c    *C.vp8Encoder
	w, h int
	free runtime.Cleanup // for one that nobody closed
}

func newVP8Encoder(w, h int, content screen.VideoContent) (screen.VideoEncoder, error) {
	if err := checkSize(w, h); err != nil {
		return nil, err
	}
	threads := 1
	if runtime.GOMAXPROCS(0) > 1 && w*h >= wideSlices {
		threads = 2
	}
	c := C.vp8NewEncoder(C.int(w), C.int(h), C.int(threads), flag(content == screen.ContentPage))
	if c == nil {
		return nil, errors.New("start libvpx")
	}
	e := &vp8Encoder{c: c, w: w, h: h}
	e.free = runtime.AddCleanup(e, func(c *C.vp8Encoder) { C.vp8FreeEncoder(c) }, c)
	return e, nil
}

func (e *vp8Encoder) Encode(dst []byte, f *picture.Frame, r picture.Rect, key bool, coarse int) ([]byte, bool, error) {
	src, err := part(f, r, e.w, e.h)
	if err != nil {
		return dst, false, err
	}
	defer runtime.KeepAlive(e)
	var out *C.uchar
	n := C.vp8Encode(e.c, (*C.uchar)(&src[0]), C.int(f.W*4), flag(f.Order == picture.RGBX), flag(key), C.int(vp8Quantiser(coarse)), &out)
	if n <= 0 {
		return dst, false, fmt.Errorf("encode VP8: %d", int(n))
	}
	picture := unsafe.Slice((*byte)(out), int(n))
	return append(dst, picture...), picture[0]&1 == 0, nil
}

// vp8Quantiser is the quantiser of libvpx, 0 to 63, that looks like H.264's.
func vp8Quantiser(coarse int) int { return max(0, min(63, (coarse-8)*3/2)) }

func (e *vp8Encoder) Close() {
	e.free.Stop()
	C.vp8FreeEncoder(e.c)
}

// vp8Decoder is libvpx.
type vp8Decoder struct {
	stream
	c    *C.vpx_codec_ctx_t
	free runtime.Cleanup // for one that nobody closed
}

func newVP8Decoder(w, h int) (screen.VideoDecoder, error) {
	if err := checkSize(w, h); err != nil {
		return nil, err
	}
	c := C.vp8NewDecoder()
	if c == nil {
		return nil, errors.New("start libvpx")
	}
	d := &vp8Decoder{stream: stream{w: w, h: h, check: checkVP8}, c: c}
	d.free = runtime.AddCleanup(d, func(c *C.vpx_codec_ctx_t) { C.vp8FreeDecoder(c) }, c)
	return d, nil
}

func (d *vp8Decoder) Decode(f *picture.Frame, r picture.Rect, key bool, data []byte) error {
	dst, err := d.take(f, r, key, data)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(d)
	if C.vp8Decode(d.c, (*C.uchar)(&data[0]), C.int(len(data)), (*C.uchar)(&dst[0]), C.int(f.W*4), C.int(d.w), C.int(d.h), flag(f.Order == picture.RGBX)) != 0 {
		return fmt.Errorf("%w: VP8", errStream)
	}
	return nil
}

func (d *vp8Decoder) Close() {
	d.free.Stop()
	C.vp8FreeDecoder(d.c)
}
