//go:build cgo

package video

/*
#cgo noescape h264Stop
#cgo nocallback h264Start
#cgo nocallback h264Stop
#cgo nocallback h264Begin
#cgo noescape h264Decode
#cgo nocallback h264Decode
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <wels/codec_api.h>
#include <libyuv.h>

typedef struct {
	ISVCEncoder *enc;
	SEncParamExt param;
	int w, h;
	unsigned char *i420;
	SFrameBSInfo info;

	// Its thread, and the picture that is being coded there.
	pthread_t thread;
	pthread_mutex_t mu;
	pthread_cond_t change;
	int started, busy, quit, done;
	const unsigned char *src;
	int stride, rgbx, key, qp;
	long n;
} h264Encoder;

static void h264Quiet(h264Encoder *e) {
	int level = WELS_LOG_QUIET;
	(*e->enc)->SetOption(e->enc, ENCODER_OPTION_TRACE_LEVEL, &level);
}

static void h264FreeEncoder(h264Encoder *e) {
	if (e->enc) {
		(*e->enc)->Uninitialize(e->enc);
		WelsDestroySVCEncoder(e->enc);
	}
	free(e->i420);
	free(e);
}

static h264Encoder *h264NewEncoder(int w, int h, int threads, int screen) {
	h264Encoder *e = calloc(1, sizeof *e);
	if (!e)
		return NULL;
	e->w = w;
	e->h = h;
	e->i420 = malloc((size_t)w * h * 3 / 2);
	if (!e->i420 || WelsCreateSVCEncoder(&e->enc) != 0) {
		e->enc = NULL;
		h264FreeEncoder(e);
		return NULL;
	}
	h264Quiet(e);
	SEncParamExt *p = &e->param;
	(*e->enc)->GetDefaultParams(e->enc, p);
	p->iUsageType = screen ? SCREEN_CONTENT_REAL_TIME : CAMERA_VIDEO_REAL_TIME;
	p->iPicWidth = w;
	p->iPicHeight = h;
	p->fMaxFrameRate = 60;
	p->iTargetBitrate = 50000000;
	p->iRCMode = RC_OFF_MODE;
	p->iTemporalLayerNum = 1;
	p->iSpatialLayerNum = 1;
	p->iComplexityMode = LOW_COMPLEXITY;
	p->uiIntraPeriod = 0;
	p->iNumRefFrame = 1;
	p->eSpsPpsIdStrategy = CONSTANT_ID;
	p->bEnableFrameSkip = false;
	p->bEnableLongTermReference = false;
	p->bEnableDenoise = false;
	p->bEnableBackgroundDetection = false;
	p->bEnableAdaptiveQuant = false;
	p->bEnableSceneChangeDetect = false;
	p->iEntropyCodingModeFlag = 1;
	p->iMultipleThreadIdc = threads;
	SSpatialLayerConfig *l = &p->sSpatialLayers[0];
	l->iVideoWidth = w;
	l->iVideoHeight = h;
	l->fFrameRate = 60;
	l->iSpatialBitrate = p->iTargetBitrate;
	l->iMaxSpatialBitrate = UNSPECIFIED_BIT_RATE;
	l->uiProfileIdc = PRO_HIGH;
	l->iDLayerQp = 26;
	l->sSliceArgument.uiSliceMode = threads > 1 ? SM_FIXEDSLCNUM_SLICE : SM_SINGLE_SLICE;
	l->sSliceArgument.uiSliceNum = threads;
	l->bVideoSignalTypePresent = true;
	l->uiVideoFormat = VF_UNDEF;
	l->bFullRange = true;
	l->bColorDescriptionPresent = true;
	l->uiColorPrimaries = CP_BT709;
	l->uiTransferCharacteristics = TRC_SMPTE170M;
	l->uiColorMatrix = CM_SMPTE170M;
	if ((*e->enc)->InitializeExt(e->enc, p) != 0) {
		h264FreeEncoder(e);
		return NULL;
	}
	h264Quiet(e);
	return e;
}

// h264Encode gives the size of the picture, or -1. Its parts are in info.
static long h264Encode(h264Encoder *e, const unsigned char *src, int stride, int rgbx, int key, int qp) {
	int cw = e->w / 2;
	unsigned char *y = e->i420, *u = y + (size_t)e->w * e->h, *v = u + (size_t)cw * (e->h / 2);
	if (rgbx)
		ABGRToJ420(src, stride, y, e->w, u, cw, v, cw, e->w, e->h);
	else
		ARGBToJ420(src, stride, y, e->w, u, cw, v, cw, e->w, e->h);
	if (qp != e->param.sSpatialLayers[0].iDLayerQp) {
		e->param.sSpatialLayers[0].iDLayerQp = qp;
		if ((*e->enc)->SetOption(e->enc, ENCODER_OPTION_SVC_ENCODE_PARAM_EXT, &e->param) != 0)
			return -1;
	}
	if (key && (*e->enc)->ForceIntraFrame(e->enc, true) != 0)
		return -1;
	SSourcePicture pic = {0};
	pic.iColorFormat = videoFormatI420;
	pic.iPicWidth = e->w;
	pic.iPicHeight = e->h;
	pic.iStride[0] = e->w;
	pic.iStride[1] = pic.iStride[2] = cw;
	pic.pData[0] = y;
	pic.pData[1] = u;
	pic.pData[2] = v;
	memset(&e->info, 0, sizeof e->info);
	if ((*e->enc)->EncodeFrame(e->enc, &pic, &e->info) != cmResultSuccess)
		return -1;
	return e->info.eFrameType == videoFrameTypeSkip ? 0 : e->info.iFrameSizeInBytes;
}

static void *h264Work(void *p) {
	h264Encoder *e = p;
	const uint64_t one = 1;
	pthread_mutex_lock(&e->mu);
	for (;;) {
		while (!e->busy && !e->quit)
			pthread_cond_wait(&e->change, &e->mu);
		if (e->quit)
			break;
		pthread_mutex_unlock(&e->mu);
		e->n = h264Encode(e, e->src, e->stride, e->rgbx, e->key, e->qp);
		pthread_mutex_lock(&e->mu);
		e->busy = 0;
		pthread_cond_broadcast(&e->change);
		if (write(e->done, &one, sizeof one) < 0)
			e->n = -1; // never: the counter is read before it is written again
	}
	pthread_mutex_unlock(&e->mu);
	return NULL;
}

// h264Start starts the thread and gives the event it tells the end of a picture with, or -1.
static int h264Start(h264Encoder *e) {
	sigset_t all, before;
	if ((e->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0)
		return -1;
	pthread_mutex_init(&e->mu, NULL);
	pthread_cond_init(&e->change, NULL);
	sigfillset(&all); // signals are for the program's own threads
	pthread_sigmask(SIG_SETMASK, &all, &before);
	e->started = pthread_create(&e->thread, NULL, h264Work, e) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!e->started) {
		close(e->done);
		return -1;
	}
	return e->done;
}

// h264Begin has the thread code a picture.
static void h264Begin(h264Encoder *e, const unsigned char *src, int stride, int rgbx, int key, int qp) {
	pthread_mutex_lock(&e->mu);
	e->src = src;
	e->stride = stride;
	e->rgbx = rgbx;
	e->key = key;
	e->qp = qp;
	e->busy = 1;
	pthread_cond_broadcast(&e->change);
	pthread_mutex_unlock(&e->mu);
}

// h264Wait waits until the thread codes nothing.
static void h264Wait(h264Encoder *e) {
	pthread_mutex_lock(&e->mu);
	while (e->busy)
		pthread_cond_wait(&e->change, &e->mu);
	pthread_mutex_unlock(&e->mu);
}

// h264Stop ends the thread, which codes nothing, and the encoder.
static void h264Stop(h264Encoder *e) {
	if (e->started) {
		pthread_mutex_lock(&e->mu);
		e->quit = 1;
		pthread_cond_broadcast(&e->change);
		pthread_mutex_unlock(&e->mu);
		pthread_join(e->thread, NULL);
		pthread_cond_destroy(&e->change);
		pthread_mutex_destroy(&e->mu);
	}
	h264FreeEncoder(e);
}

// h264Layer gives a part of the last picture and its size.
static const unsigned char *h264Layer(h264Encoder *e, int i, long *size) {
	SLayerBSInfo *l = &e->info.sLayerInfo[i];
	*size = 0;
	for (int n = 0; n < l->iNalCount; n++)
		*size += l->pNalLengthInByte[n];
	return l->pBsBuf;
}

static ISVCDecoder *h264NewDecoder(void) {
	ISVCDecoder *d = NULL;
	if (WelsCreateDecoder(&d) != 0)
		return NULL;
	int level = WELS_LOG_QUIET;
	(*d)->SetOption(d, DECODER_OPTION_TRACE_LEVEL, &level);
	SDecodingParam p = {0};
	p.sVideoProperty.size = sizeof p.sVideoProperty;
	p.sVideoProperty.eVideoBsType = VIDEO_BITSTREAM_AVC;
	p.eEcActiveIdc = ERROR_CON_DISABLE;
	p.uiTargetDqLayer = 255;
	if ((*d)->Initialize(d, &p) != 0) {
		WelsDestroyDecoder(d);
		return NULL;
	}
	return d;
}

static void h264FreeDecoder(ISVCDecoder *d) {
	(*d)->Uninitialize(d);
	WelsDestroyDecoder(d);
}

// h264Decode gives 0 if data was one whole picture of w by h and is painted.
static int h264Decode(ISVCDecoder *d, const unsigned char *data, int size, unsigned char *dst, int stride, int w, int h, int rgbx) {
	unsigned char *plane[3] = {0};
	SBufferInfo info;
	memset(&info, 0, sizeof info);
	if ((*d)->DecodeFrameNoDelay(d, data, size, plane, &info) != dsErrorFree)
		return -1;
	// Above the baseline profile a picture is kept until a later one shows that none comes before it: here none does.
	if (info.iBufferStatus != 1 && ((*d)->FlushFrame(d, plane, &info) != dsErrorFree || info.iBufferStatus != 1))
		return -1;
	SSysMEMBuffer *b = &info.UsrData.sSystemBuffer;
	if (b->iWidth != w || b->iHeight != h || b->iFormat != videoFormatI420)
		return -1;
	if (rgbx)
		return J420ToABGR(plane[0], b->iStride[0], plane[1], b->iStride[1], plane[2], b->iStride[1], dst, stride, w, h);
	return J420ToARGB(plane[0], b->iStride[0], plane[1], b->iStride[1], plane[2], b->iStride[1], dst, stride, w, h);
}
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"impero/core/picture"
	"impero/core/screen"
)

// wideSlices is the area from which a picture is coded in two slices side by side.
const wideSlices = 640 * 480

// h264Encoder is OpenH264 at its fastest, with CABAC, at the quantiser given: no rate control, no scene detection.
//
// A picture is coded on a thread of its own and waited for as a connection is. A call of several milliseconds would keep a
// processor of Go's scheduler, whose monitor looks every 20 µs whether to take it away: a ninth of what a film cost.
type h264Encoder struct {
	c    *C.h264Encoder
	done *os.File // an event: the picture is coded
	src  runtime.Pinner
	w, h int
	free runtime.Cleanup // for one that nobody closed
}

func newH264Encoder(w, h int, content screen.VideoContent) (screen.VideoEncoder, error) {
	if err := checkSize(w, h); err != nil {
		return nil, err
	}
	threads := 1
	if runtime.GOMAXPROCS(0) > 1 && w*h >= wideSlices {
		threads = 2
	}
	c := C.h264NewEncoder(C.int(w), C.int(h), C.int(threads), flag(content == screen.ContentPage))
	if c == nil {
		return nil, errors.New("start OpenH264")
	}
	done := C.h264Start(c)
	if done < 0 {
		C.h264Stop(c)
		return nil, errors.New("start a thread for OpenH264")
	}
	e := &h264Encoder{c: c, done: os.NewFile(uintptr(done), "video"), w: w, h: h}
	e.free = runtime.AddCleanup(e, func(c *C.h264Encoder) { C.h264Stop(c) }, c)
	return e, nil
}

func (e *h264Encoder) Encode(dst []byte, f *picture.Frame, r picture.Rect, key bool, coarse int) ([]byte, bool, error) {
	src, err := part(f, r, e.w, e.h)
	if err != nil {
		return dst, false, err
	}
	defer runtime.KeepAlive(e)
	e.src.Pin(&src[0])
	defer e.src.Unpin()
	C.h264Begin(e.c, (*C.uchar)(&src[0]), C.int(f.W*4), flag(f.Order == picture.RGBX), flag(key), C.int(max(1, min(coarse, maxCoarse))))
	if err := e.wait(); err != nil {
		return dst, false, err
	}
	if n := e.c.n; n <= 0 {
		return dst, false, fmt.Errorf("encode H.264: %d", int(n))
	}
	for i := range int(e.c.info.iLayerNum) {
		var size C.long
		b := C.h264Layer(e.c, C.int(i), &size)
		dst = append(dst, unsafe.Slice((*byte)(b), int(size))...)
	}
	return dst, e.c.info.eFrameType == C.videoFrameTypeIDR, nil
}

// wait waits until the thread has coded the picture: it must not return while the pixels are still read.
func (e *h264Encoder) wait() error {
	var count [8]byte
	if _, err := e.done.Read(count[:]); err != nil {
		C.h264Wait(e.c)
		return fmt.Errorf("wait for OpenH264: %w", err)
	}
	return nil
}

func (e *h264Encoder) Close() {
	e.free.Stop()
	C.h264Stop(e.c)
	e.done.Close()
}

// h264Decoder is OpenH264.
type h264Decoder struct {
	stream
	c    *C.ISVCDecoder
	free runtime.Cleanup // for one that nobody closed
}

func newH264Decoder(w, h int) (screen.VideoDecoder, error) {
	if err := checkSize(w, h); err != nil {
		return nil, err
	}
	c := C.h264NewDecoder()
	if c == nil {
		return nil, errors.New("start OpenH264")
	}
	d := &h264Decoder{stream: stream{w: w, h: h, check: checkH264}, c: c}
	d.free = runtime.AddCleanup(d, func(c *C.ISVCDecoder) { C.h264FreeDecoder(c) }, c)
	return d, nil
}

func (d *h264Decoder) Decode(f *picture.Frame, r picture.Rect, key bool, data []byte) error {
	dst, err := d.take(f, r, key, data)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(d)
	if C.h264Decode(d.c, (*C.uchar)(&data[0]), C.int(len(data)), (*C.uchar)(&dst[0]), C.int(f.W*4), C.int(d.w), C.int(d.h), flag(f.Order == picture.RGBX)) != 0 {
		return fmt.Errorf("%w: H.264", errStream)
	}
	return nil
}

func (d *h264Decoder) Close() {
	d.free.Stop()
	C.h264FreeDecoder(d.c)
}

func flag(b bool) C.int {
	if b {
		return 1
	}
	return 0
}
