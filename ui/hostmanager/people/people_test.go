package people

import (
	"os/user"
	"slices"
	"testing"

	"impero/ui/hostmanager/presenter"
)

func TestMissing(t *testing.T) {
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	nobody, nogroup := presenter.SystemName{Name: "no-such-account"}, presenter.SystemName{Name: "no-such-group", Group: true}
	got, err := Missing(t.Context(), []presenter.SystemName{{Name: me.Username}, nobody, nogroup})
	if err != nil || !slices.Equal(got, []presenter.SystemName{nobody, nogroup}) {
		t.Errorf("missing are %v, %v", got, err)
	}
}
