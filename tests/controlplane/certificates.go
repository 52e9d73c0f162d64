package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
)

// certificatesCommand writes into a folder: ca, serving and front-proxy (each .crt and .key), and the key pair that
// signs service account tokens (sa.key, sa.pub). All are valid for loopback alone, for thirty days.
func certificatesCommand() *cobra.Command {
	return &cobra.Command{
		Use:  "certificates FOLDER",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return writeCertificates(args[0]) },
	}
}

func writeCertificates(folder string) error {
	authority, err := newPair("stswidgets-test-ca", nil)
	if err != nil {
		return err
	}
	serving, err := newPair("127.0.0.1", authority)
	if err != nil {
		return err
	}
	frontProxy, err := newPair("front-proxy", authority)
	if err != nil {
		return err
	}
	for name, made := range map[string]*pair{"ca": authority, "serving": serving, "front-proxy": frontProxy} {
		if err := made.write(folder, name); err != nil {
			return err
		}
	}
	return writeSigningKey(folder)
}

type pair struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// newPair makes a key and its certificate, signed by the authority, or by itself where that is nil.
func newPair(name string, authority *pair) (*pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().AddDate(0, 0, 30),
		BasicConstraintsValid: true,
	}
	signer := authority
	if authority == nil {
		template.IsCA = true
		template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
		signer = &pair{certificate: template, key: key}
	} else {
		template.KeyUsage = x509.KeyUsageDigitalSignature
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
		template.DNSNames = []string{"localhost", "kubernetes.default.svc"}
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 96, 0, 1)}
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, signer.certificate, key.Public(), signer.key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(raw)
	return &pair{certificate: certificate, key: key}, err
}

func (p *pair) write(folder, name string) error {
	raw, err := x509.MarshalECPrivateKey(p.key)
	if err != nil {
		return err
	}
	if err := writePEM(filepath.Join(folder, name+".key"), "EC PRIVATE KEY", raw); err != nil {
		return err
	}
	return writePEM(filepath.Join(folder, name+".crt"), "CERTIFICATE", p.certificate.Raw)
}

func writeSigningKey(folder string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	if err := writePEM(filepath.Join(folder, "sa.key"), "EC PRIVATE KEY", private); err != nil {
		return err
	}
	return writePEM(filepath.Join(folder, "sa.pub"), "PUBLIC KEY", public)
}

func writePEM(path, kind string, raw []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}), 0o600)
}
